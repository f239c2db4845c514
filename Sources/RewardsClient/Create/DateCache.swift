/// Reads HTTP dates, once for consecutive responses with the same date.
struct DateCache {
    private var text: [UInt8] = []
    private var seconds: Int64?

    /// The epoch seconds of a date; nil where it can't be read.
    mutating func epochSeconds(_ bytes: Span<UInt8>) -> Int64? {
        if !isText(bytes) {
            text = []
            for index in bytes.indices { text.append(bytes[index]) }
            seconds = HTTPDate.epochSeconds(String(decoding: text, as: UTF8.self))
        }
        return seconds
    }

    private func isText(_ bytes: Span<UInt8>) -> Bool {
        bytes.count == text.count && bytes.agrees(with: text.span, at: 0, in: 0..<bytes.count)
    }
}
