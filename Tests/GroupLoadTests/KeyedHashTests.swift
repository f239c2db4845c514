import Foundation
import GroupLoad
import TestSupport
import Testing

@Suite struct KeyedHashTests {
    @Test("agrees with OpenSSL's SipHash-1-3 of 128 bits", arguments: [0, 1, 7, 8, 9, 15, 16, 63, 300])
    func agreesWithOpenSSL(count: Int) async throws {
        let scratch = try Scratch()
        let bytes = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + 3) })
        try bytes.write(to: scratch.url("bytes"))
        let key = "000102030405060708090a0b0c0d0e0f"
        let reference = try await Command(
            "/usr/bin/openssl",
            [
                "mac", "-in", scratch.file("bytes"), "-macopt", "hexkey:\(key)", "-macopt", "size:16", "-macopt",
                "c-rounds:1", "-macopt", "d-rounds:3", "SIPHASH",
            ]
        ).run()
        let hash = KeyedHash(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
        let value = bytes.withUnsafeBytes { hash($0) }
        let own = withUnsafeBytes(of: (value.low.littleEndian, value.high.littleEndian)) { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        }
        #expect(reference.status == 0)
        #expect(own == reference.outputText.trimmingCharacters(in: .whitespacesAndNewlines).uppercased())
    }
}
