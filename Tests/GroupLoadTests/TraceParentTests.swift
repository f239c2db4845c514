import GroupLoad
import TestSupport
import Testing

/// `TRACEPARENT` and `TRACESTATE` as W3C Trace Context has them.
@Suite struct TraceParentTests {
    private static let (trace, span): (String, String) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")

    @Test(
        "a parent of this version, and one of a later version, whose further parts are passed over",
        arguments: [
            ("00-\(trace)-\(span)-01", 1), ("00-\(trace)-\(span)-00", 0), ("00-\(trace)-\(span)-ff", 3),
            ("cc-\(trace)-\(span)-01-what-comes-later", 1),
        ] as [(String, UInt8)])
    func parent(text: String, flags: UInt8) {
        let parent = TraceParent(text, state: nil)
        #expect(parent?.trace == Self.trace && parent?.span == Self.span && parent?.flags == flags)
    }

    @Test(
        "what isn't of the form is none",
        arguments: [
            "", "00", "00-\(trace)-\(span)", "00-\(trace)-\(span)-01-", "00-\(trace)-\(span)-1",
            "ff-\(trace)-\(span)-01", "0-\(trace)-\(span)-01", "00-\(trace.uppercased())-\(span)-01",
            "00-\(trace.dropLast())-\(span)-01", "00-\(trace)-\(span)0-01",
            "00-00000000000000000000000000000000-\(span)-01",
            "00-\(trace)-0000000000000000-01", "00-\(trace)-\(span)-0g", " 00-\(trace)-\(span)-01",
            "00-\(trace)-\(span)-01\r\nX: y",
        ])
    func none(text: String) {
        #expect(TraceParent(text, state: nil) == nil)
    }

    @Test(
        "a state that a header can carry is passed on, and no other",
        arguments: [
            ("a=1,b@c=2", true), (String(repeating: "x", count: 512), true), ("", false), ("a=1\r\nX: y", false),
            ("a=ü", false), (String(repeating: "x", count: 513), false),
        ])
    func state(state: String, isFit: Bool) {
        let parent = TraceParent("00-\(Self.trace)-\(Self.span)-01", state: state)
        #expect(parent?.state == (isFit ? state : nil))
    }

    @Test("drafts have consecutive spans, a row for each row of consecutive records") func given() {
        var drafts = [1, 2, 3, 7, 9, 10].map { Draft(recordNumber: $0, name: "n", rank: nil) }
        let spans = CreateSpans.give(to: &drafts, from: 100, trace: "t", givenAt: 5)
        #expect(drafts.map(\.span) == [100, 101, 102, 103, 104, 105])
        #expect(spans.map { [$0.first, $0.last, $0.span] } == [[1, 3, 100], [7, 7, 103], [9, 10, 104]])
    }
}
