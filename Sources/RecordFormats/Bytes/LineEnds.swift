internal import CScan

/// Line ends one behind the other, with nothing between.
struct LineEndRun {
    /// Where the run ends: at the first byte that is neither LF nor CR, or at the end.
    var end: Int
    /// Line ends in it: LF, CR, or both together.
    var lines = 0
    /// Bytes of LF in it.
    var feeds = 0
}

extension Span<UInt8> {
    /// The line ends from `start` on, 64 bytes at a time; an LF at `start` is one by itself.
    func lineEndRun(from start: Int) -> LineEndRun {
        var run = LineEndRun(end: start)
        // Whether a CR ended the 64 bytes before.
        var carried: UInt64 = 0
        while run.end < count {
            let (feeds, returns) = lineEndBits(at: run.end)
            let length = (~(feeds | returns)).trailingZeroBitCount
            let part = length == 64 ? UInt64.max : 1 << UInt64(length) &- 1
            // An LF behind a CR is no end of its own.
            run.lines += ((returns | feeds & ~(returns << 1 | carried)) & part).nonzeroBitCount
            run.feeds += (feeds & part).nonzeroBitCount
            run.end += length
            if length < 64 { break }
            carried = returns >> 63
        }
        return run
    }

    /// The bits of LF and of CR among the 64 bytes at `start`, fewer where the span ends.
    private func lineEndBits(at start: Int) -> (feeds: UInt64, returns: UInt64) {
        if start + 64 <= count {
            // Safe: 64 bytes from `start` on are in the span.
            return unsafe withUnsafeBufferPointer { bytes in
                let block = unsafe bytes.baseAddress! + start
                return unsafe (scanMatches(block, 0x0A), scanMatches(block, 0x0D))
            }
        }
        var (feeds, returns): (UInt64, UInt64) = (0, 0)
        for offset in 0..<count - start {
            if self[start + offset] == 0x0A { feeds |= 1 << UInt64(offset) }
            if self[start + offset] == 0x0D { returns |= 1 << UInt64(offset) }
        }
        return (feeds, returns)
    }
}
