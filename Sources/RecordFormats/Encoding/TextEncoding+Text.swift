extension TextEncoding {
    /// The text that bytes are in it; nil where some are no character of it, or where the machine's C library lacks its
    /// table.
    package func text(of bytes: [UInt8]) -> String? {
        do throws(DecodingFailure) {
            var transcoder = try Transcoder(from: rawValue)
            var text: [UInt8] = []
            transcoder.convert(bytes.span) { text.append($0) }
            transcoder.finish { text.append($0) }
            return String(validating: text, as: UTF8.self)
        } catch {
            return nil
        }
    }
}
