package import RecordFormats

/// The encoding of a list that is not UTF-8, as its bytes let guess.
package enum LikelyEncoding {
    /// Bytes that are looked at.
    static let bytesMax = 8 << 20
    /// Bytes that Windows-1252 has no character for (WHATWG, Encoding, "index windows-1252", less what is a control).
    private static let unassigned: Set<UInt8> = [0x81, 0x8d, 0x8f, 0x90, 0x9d]
    /// What messages of this program hold beside ASCII.
    private static let own: Set<Unicode.Scalar> = ["…", "“", "”", "„", "«", "»"]

    /// Windows-1252 where the file holds bytes that aren't UTF-8, all of which are characters of that, and no other
    /// character that is UTF-8; nil for any other file, and for one that can't be read.
    package static func of(_ path: String) -> TextEncoding? {
        SystemCall.contents(path, bytesMax: bytesMax).flatMap { of(Array($0)) }
    }

    /// The same of a file's bytes.
    package static func of(_ bytes: [UInt8]) -> TextEncoding? {
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var hasOther = false
        parsing: while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if !scalar.isASCII, !own.contains(scalar) { return nil }
            case .error: hasOther = true
            case .emptyInput: break parsing
            }
        }
        return hasOther && !bytes.contains(where: unassigned.contains) ? .windows1252 : nil
    }

    /// Whether a file holds ASCII alone; false for one that can't be read, or is longer than what is looked at.
    package static func isASCII(_ path: String) -> Bool {
        guard let data = SystemCall.contents(path, bytesMax: bytesMax), data.count < bytesMax else { return false }
        return data.allSatisfy { $0 < 0x80 }
    }
}
