import RewardsClient

/// A trace that somebody else began, and the span in it that this process is a part of: the values of `TRACEPARENT` and
/// `TRACESTATE`, which are those of the headers of W3C Trace Context, level 1.
package struct TraceParent: Sendable, Equatable {
    /// The trace's id, and the span's: 32 and 16 lower-case hexadecimal digits, not all of them 0.
    package var trace: String, span: String
    /// Whether the trace is recorded (bit 0), and whether its id is random (bit 1); other bits have no meaning yet.
    package var flags: UInt8
    /// What tracing systems keep in the trace; nil for nothing.
    package var state: String?

    /// The longest state that must be passed on, in bytes.
    private static let stateBytesMax = 512

    /// Reads both values; nil where the first isn't one. A state that can't be passed on is left out.
    package init?(_ text: String, state: String?) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // Later versions may have more parts.
        guard parts.count >= 4, parts.count == 4 || parts[0] != "00", parts[0] != "ff",
            zip(parts, [2, 32, 16, 2]).allSatisfy({ Self.isHexadecimal($0, count: $1) }),
            [parts[1], parts[2]].allSatisfy({ part in part.contains { $0 != "0" } }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        (trace, span, self.flags) = (String(parts[1]), String(parts[2]), flags & 3)
        self.state = state.flatMap { Self.isFit($0) ? $0 : nil }
    }

    private static func isHexadecimal(_ text: Substring, count: Int) -> Bool {
        text.utf8.count == count
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func isFit(_ state: String) -> Bool {
        (1...stateBytesMax).contains(state.utf8.count) && state.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }
}

extension RequestTrace {
    /// The trace that a process's requests belong to, by the variables of its environment; nil for none.
    ///
    /// - Parameter note: receives what can't be used.
    static func given(in environment: [String: String], note: (String) -> Void) -> RequestTrace? {
        guard let text = environment["TRACEPARENT"], !text.isEmpty else { return nil }
        guard let parent = TraceParent(text, state: environment["TRACESTATE"]) else {
            note("TRACEPARENT is ignored: it isn't of the form 00-TRACE-SPAN-FLAGS of W3C Trace Context")
            return nil
        }
        return RequestTrace(id: parent.trace, flags: parent.flags, state: parent.state)
    }
}
