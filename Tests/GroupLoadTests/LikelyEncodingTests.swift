import GroupLoad
import RecordFormats
import Testing

/// The guess of a list's encoding by its bytes.
@Suite struct LikelyEncodingTests {
    @Test(arguments: [
        ("Caf\u{E9}", true), ("\u{C9}lite \u{93}A\u{94}", true), ("Gold\u{A0}Club \u{80}", true),
        ("Gold", false), ("", false), ("\u{81}", false), ("Caf\u{E9} \u{8D}", false),
        // UTF-8 beside it, and alone.
        ("Caf\u{E9} \u{C3}\u{A9}", false), ("Caf\u{C3}\u{A9}", false),
        // A sign of this program's messages.
        ("Caf\u{E9} \u{E2}\u{80}\u{A6}", true),
    ])
    func windows(bytes: String, isWindows: Bool) {
        let encoding = LikelyEncoding.of(bytes.unicodeScalars.map { UInt8($0.value) })
        #expect((encoding == .windows1252) == isWindows && (encoding == nil) == !isWindows, "\(bytes)")
    }
}
