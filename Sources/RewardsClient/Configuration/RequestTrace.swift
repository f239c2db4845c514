internal import HTTPTypes

/// The trace that requests belong to, as each says in its `traceparent` (W3C Trace Context, level 1).
///
/// Span ids count up from a random number, so that those of a claim of drafts are one range; each fits a positive
/// `Int64` and is never 0.
package struct RequestTrace: Sendable {
    /// The trace's id: 32 lower-case hexadecimal digits, not all of them 0.
    package let id: String
    /// The flags: bit 0 says that whoever began the trace records it.
    package let flags: UInt8
    /// The value of `tracestate`; nil for none.
    package let state: String?
    private let random: @Sendable () -> UInt64

    /// - Parameters:
    ///   - id: 32 lower-case hexadecimal digits.
    ///   - state: printable ASCII.
    ///   - random: draws a number; called by several threads at once.
    package init(
        id: String, flags: UInt8, state: String?,
        random: @escaping @Sendable () -> UInt64 = { UInt64.random(in: .min ... .max) }
    ) {
        (self.id, self.flags, self.state, self.random) = (id, flags, state, random)
    }

    /// The first of so many new span ids, which follow one another: at most 2^62, so that none overflows.
    package func newSpans() -> Int64 { Int64(random() >> 2) + 1 }

    /// A span id as `traceparent` has it: 16 lower-case hexadecimal digits.
    package static func text(span: Int64) -> String {
        var digits: [UInt8] = []
        append(span: span, to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }

    /// The header of a request, by its span id.
    func header(span: Int64) -> HTTPField {
        HTTPField(name: .traceParent, value: "00-\(id)-\(Self.text(span: span))-\(flagDigits)")
    }

    /// The line of a request's head, with 0 in place of its span id, and where that stands in the line.
    var line: (bytes: [UInt8], spanStart: Int) {
        let start = Array("traceparent: 00-\(id)-".utf8)
        return (start + "0000000000000000-\(flagDigits)\r\n".utf8, start.count)
    }

    /// Puts the digits of a span id in the place of 16 bytes.
    static func put(span: Int64, into bytes: inout [UInt8], at start: Int) {
        for index in 0..<16 {
            let digit = UInt8(truncatingIfNeeded: span >> Int64((15 - index) * 4)) & 15
            bytes[start + index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
        }
    }

    private static func append(span: Int64, to bytes: inout [UInt8]) {
        bytes += repeatElement(0, count: 16)
        put(span: span, into: &bytes, at: bytes.count - 16)
    }

    private var flagDigits: String { Hexadecimal.text([flags]) }
}

extension HTTPField.Name {
    /// The headers of W3C Trace Context.
    static let traceParent = named("traceparent"), traceState = named("tracestate")

    private static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("the name is a token") }
        return name
    }
}
