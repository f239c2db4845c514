import GroupLoad
import TestSupport
import Testing

@Suite struct PathTextTests {
    @Test(
        "a path's text, and the path again",
        arguments: [
            ("groups.csv", "groups.csv"), ("gr\u{FC}n\u{1F3C6}.csv", "gr\u{FC}n\u{1F3C6}.csv"), ("a\\b", "a\\b"),
            ("\\x41", "\\x41"),
            ("\\xe9", "\\xe9"), ("\\xE9", "\\x5CxE9"), ("\\x5CxE9", "\\x5Cx5CxE9"), ("\\", "\\"), ("", ""),
        ])
    func utf8(name: String, text: String) {
        #expect(PathText.text(name.utf8) == text)
        #expect(PathText.bytes(text).dropLast().map { UInt8(bitPattern: $0) } == Array(name.utf8))
    }

    @Test(
        "bytes that aren't UTF-8",
        arguments: [
            ([0x63, 0xE9, 0x2E], "c\\xE9."), ([0xFF, 0xFE], "\\xFF\\xFE"), ([0xC3], "\\xC3"),
            ([0xED, 0xA0, 0x80], "\\xED\\xA0\\x80"),
            ([0xC3, 0xA9, 0xC3], "\u{E9}\\xC3"), ([0xE2, 0x82, 0x41], "\\xE2\\x82A"), ([0xC0, 0x80], "\\xC0\\x80"),
        ] as [([UInt8], String)])
    func others(name: [UInt8], text: String) {
        #expect(PathText.text(name) == text)
        #expect(PathText.bytes(text).dropLast().map { UInt8(bitPattern: $0) } == name)
    }

    @Test(
        "a shell gives the path's bytes, and a terminal acts on nothing of what is shown",
        arguments: [
            "groups.csv", "it's two  blanks", "$HOME`x`\"\\", "grün/流.csv", "*?[a]{b,c}~#!&;|<>()", "100%d\\n",
        ].map { Array($0.utf8) } + [
            [0x63, 0xE9, 0x25, 0x73, 0x5C, 0x27, 0x22, 0x24], Array("a\nb\u{1B}[31m\u{202E}é'".utf8),
        ])
    func shell(name: [UInt8]) async throws {
        let word = PathText.shellWord(PathText.text(name))
        #expect(Shown.message(word) == word && !word.contains("\n"))
        let result = try await Command("/bin/sh", ["-c", "printf %s \(word)"]).run()
        #expect(result.status == 0 && Array(result.output) == name, "\(word)")
    }

    @Test("a path that begins with - is no option") func option() {
        #expect(PathText.shellWord("-f/a.csv") == "./-f/a.csv")
    }

    @Test("any bytes come back") func anyBytes() {
        let seed = SeededGenerator.seed()
        var generator = SeededGenerator(state: seed)
        let letters: [UInt8] = [
            0x5C, 0x78, 0x45, 0x39, 0x35, 0x43, 0x80, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xF0, 0x9F, 0xFF, 0x2F,
        ]
        for _ in 0..<2_000 {
            let name = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                letters.randomElement(using: &generator) ?? 0x41
            }
            let back = PathText.bytes(PathText.text(name)).dropLast().map { UInt8(bitPattern: $0) }
            #expect(back == name, "GROUPLOAD_TEST_SEED=\(seed)")
        }
    }
}
