/// Takes DOS's end-of-file mark (Ctrl-Z) off the end of a text, with the line ends and further marks behind it.
///
/// A mark is held back, with what is behind it, until the text ends or goes on. It counts where at most ``bytesMax``
/// bytes are left of the text, the mark's own among them, however the text is cut.
struct EndOfFileMark {
    /// DOS's mark of a text's end, Ctrl-Z.
    static let byte: UInt8 = 0x1A

    private static let bytesMax = 64

    /// A mark, and behind it nothing but marks and line ends; empty for none.
    private var held: [UInt8] = []

    /// Whether a mark is held back.
    var isHolding: Bool { !held.isEmpty }

    /// Gives `body` a part of a text and what was held back before it, but for what is to be held back of it.
    mutating func pass<Failure: Error>(
        _ text: Span<UInt8>, to body: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        guard text.count > 0 else { return }
        if held.isEmpty, !Self.mayFollow(text[text.count - 1]) { return try body(text) }
        var tail = text.count
        while tail > max(0, text.count - Self.bytesMax), Self.mayFollow(text[tail - 1]) { tail -= 1 }
        if !held.isEmpty {
            var whole: [UInt8] = []
            swap(&whole, &held)
            if tail > 0 {
                try body(whole.span)
            } else {
                whole.append(text)
                return try hold(whole.span, from: max(0, whole.count - Self.bytesMax), body)
            }
        }
        try hold(text, from: tail, body)
    }

    /// Holds back the first mark from `tail` on and what is behind it, and gives `body` what is before it.
    private mutating func hold<Failure: Error>(
        _ text: Span<UInt8>, from tail: Int, _ body: (Span<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var start = tail
        while start < text.count, text[start] != Self.byte { start += 1 }
        if start > 0 { try body(text.extracting(0..<start)) }
        held.append(text.extracting(start..<text.count))
    }

    /// Whether a byte may stand behind a mark.
    private static func mayFollow(_ byte: UInt8) -> Bool { byte == self.byte || byte == 0x0A || byte == 0x0D }
}
