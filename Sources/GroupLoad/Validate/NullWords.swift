import RecordFormats

/// `--null`: the words that mean an empty value.
struct NullWords: Sendable {
    private let words: [[UInt8]]

    /// - Parameter words: each as it is written, without blanks around it.
    init(_ words: [String]) { self.words = words.map { Array($0.utf8) } }

    /// Whether there are none.
    var isEmpty: Bool { words.isEmpty }

    /// Whether the trimmed text of `slice` is one of the words.
    func contains(_ slice: ByteSlice, in arena: UnsafeRawBufferPointer) -> Bool {
        let text = unsafe UnsafeRawBufferPointer(rebasing: arena[TextScan.trimmed(slice, in: arena).bounds])
        return words.contains { unsafe $0.count == text.count && text.elementsEqual($0) }
    }

    /// The option that makes `text` such a word, as it is written in a shell.
    static func option(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || (0x2d...0x39).contains($0) }
        return isPlain ? "--null \(text)" : "--null '\(text.replacing("'", with: #"'\''"#))'"
    }
}
