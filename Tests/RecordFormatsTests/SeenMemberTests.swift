import RecordFormats
import TestSupport
import Testing

@Suite struct SeenMemberTests {
    @Test("counts as integers what the regular expression for them matches") func countsIntegers() throws {
        let seed = SeededGenerator.seed()
        var random = SeededGenerator(state: seed)
        let integer = try Regex(#"[-+]?[0-9]{1,10}(\.0*)?"#)
        for _ in 0..<5_000 {
            let count = Int.random(in: 1...13, using: &random)
            let text = (0..<count).compactMap { _ in "0012345678900..+-e٣".randomElement(using: &random) }
            var member = SeenMember(name: "rank", member: .other)
            member.add(Array(String(text).utf8))
            let matches = try integer.wholeMatch(in: String(text)) != nil
            #expect(member.integers == (matches ? 1 : 0), "\(String(text)), seed \(seed)")
            #expect(member.values == 1)
        }
    }
}
