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
        let hash = SipHash(key0: 0x0706_0504_0302_0100, key1: 0x0f0e_0d0c_0b0a_0908)
        let value = bytes.withUnsafeBytes { hash($0) }
        let own = withUnsafeBytes(of: (value.low.littleEndian, value.high.littleEndian)) { bytes in
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        }
        #expect(reference.status == 0)
        #expect(own == reference.outputText.trimmingCharacters(in: .whitespacesAndNewlines).uppercased())
    }

    @Test(
        "of at most 64 bytes agrees with the sums that Python makes of whole numbers",
        arguments: [0, 1, 7, 8, 9, 15, 16, 63, 64])
    func agreesWithPython(count: Int) async throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let keys = (0..<KeyedHash.keysCount).map { _ in UInt128.random(in: 0 ... .max, using: &random) }
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let (keyList, byteList) = (keys.map(String.init), bytes.map(String.init))
        let program = """
            keys = [\(keyList.joined(separator: ","))]
            text = bytes([\(byteList.joined(separator: ","))])
            words = [int.from_bytes(text[at:at + 8], "little") for at in range(0, len(text), 8)]
            if len(text) % 8 == 0: words.append(0)
            words[-1] |= len(text) << 56
            halves = [keys[half] + sum(key * word for key, word in zip(keys[2 + half::2], words)) for half in (0, 1)]
            low, high = (half % 2 ** 128 >> 64 for half in halves)
            low = (low ^ low >> 30) * 0xbf58476d1ce4e5b9 % 2 ** 64
            low = (low ^ low >> 27) * 0x94d049bb133111eb % 2 ** 64
            print(low ^ low >> 31, high)
            """
        let reference = try await Command("/usr/bin/python3", ["-c", program]).run()
        let hash = KeyedHash(keys: keys, long: SipHash(using: &random), multiplier: 1)
        let value = bytes.withUnsafeBytes { hash($0) }
        #expect(reference.outputText == "\(value.low) \(value.high)\n", "seed \(seed)")
    }

    @Test func ofMoreBytesIsSipHash() {
        var random = SeededGenerator(state: SeededGenerator.seed())
        let long = SipHash(using: &random)
        let keys = [UInt128](repeating: 1, count: KeyedHash.keysCount)
        let hash = KeyedHash(keys: keys, long: long, multiplier: 1)
        for count in [65, 66, 300] {
            let bytes = [UInt8](repeating: 7, count: count)
            #expect(bytes.withUnsafeBytes { hash($0) } == bytes.withUnsafeBytes { long($0) })
        }
    }
}
