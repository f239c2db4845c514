import GroupLoad
import Testing

@Suite struct NearestWordTests {
    private static let commands = ["import", "plan", "runs", "resume", "report", "verify", "undo", "export"]

    @Test(
        arguments: [
            ("imprt", "import"), ("improt", "import"), ("IMPORT", "import"), ("lan", "plan"), ("resum", "resume"),
            ("verfy", "verify"),
        ])
    func finds(word: String, known: String) {
        #expect(NearestWord.of(word, among: Self.commands) == known)
    }

    @Test(arguments: ["delete", "", "x", "groups.csv"])
    func findsNone(word: String) {
        #expect(NearestWord.of(word, among: Self.commands) == nil)
    }

    @Test(arguments: [("", "", 0), ("ab", "ba", 1), ("abc", "abcd", 1), ("kitten", "sitting", 3), ("", "abc", 3)])
    func distances(first: String, second: String, changes: Int) {
        #expect(NearestWord.distance(first, second) == changes)
        #expect(NearestWord.distance(second, first) == changes)
    }
}
