import Foundation
import GroupLoad
import TestSupport
import Testing

@Suite struct NameFoldingTests {
    @Test("two names are the same when Python's NFKC and casefold say so, for every character that Python knows")
    func agreesWithPython() async throws {
        let program = """
            import unicodedata as u, sys
            for c in range(0x20, 0x110000):
                s = chr(c)
                if u.category(s) in ('Cn', 'Cs', 'Co'): continue
                n = lambda t: u.normalize('NFKC', t)
                print(c, ' '.join(str(ord(x)) for x in n(n(s).casefold())))
            """
        let reference = try await Command.python(program).run()
        #expect(reference.status == 0)
        // Which form stands for a class of names is of no account: Python folds Cherokee to capitals.
        var theirs: [[UInt32]: [Substring]] = [:]
        var own: [[Substring]: [UInt32]] = [:]
        var differences: [String] = []
        for line in reference.outputText.split(separator: "\n") {
            let numbers = line.split(separator: " ")
            guard let first = numbers.first.flatMap({ UInt32($0) }), let scalar = Unicode.Scalar(first) else {
                continue
            }
            let folded = NameFolding.fold(String(Character(scalar))).unicodeScalars.map(\.value)
            let reference = Array(numbers.dropFirst())
            if theirs[folded, default: reference] != reference || own[reference, default: folded] != folded {
                differences.append(String(first, radix: 16))
            }
            theirs[folded] = reference
            own[reference] = folded
        }
        #expect(own.count > 100_000)
        #expect(differences == [])
    }

    @Test(arguments: [("Straße", "STRASSE"), ("ΣΑΣ", "σας"), ("ﬁn", "FIN"), ("Ａ", "a"), ("É", "e\u{301}"), ("²", "2")])
    func equates(a: String, b: String) {
        #expect(NameFolding.fold(a) == NameFolding.fold(b))
    }

    @Test(arguments: [("e", "é"), ("ı", "i"), ("a b", "a  b"), ("A", "А")])
    func tellsApart(a: String, b: String) {
        #expect(NameFolding.fold(a) != NameFolding.fold(b))
    }

    @Test(
        "a folder gives every character, also beside those that compose with it, the form that folding the whole gives")
    func folderAgrees() {
        var folder = NameFolder()
        var generator = SeededGenerator(state: 7)
        let planes: [ClosedRange<UInt32>] = [0x20...0xd7ff, 0xe000...0xffff, 0x1_f000...0x1_fbff, 0x1_1000...0x1_6fff]
        // Marks, letters that compose with them, consonants and vowels of Hangul, and letters whose case is contextual.
        let neighbours =
            "e\u{301}\u{327}\u{345}ıİΣςßǰ\u{1100}\u{1161}\u{11a8}가\u{3131}\u{314f}\u{9c7}\u{9be}か\u{3099}ﾊ\u{ff9e}A ☕"
        let beside = Array(neighbours.unicodeScalars)
        var differences: [String] = []
        for scalar in planes.joined().compactMap(Unicode.Scalar.init) {
            for _ in 0..<3 {
                var name = String.UnicodeScalarView()
                name.append(
                    contentsOf: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                        beside.randomElement(using: &generator) ?? "a"
                    })
                name.append(scalar)
                name.append(
                    contentsOf: (0..<Int.random(in: 0...2, using: &generator)).map { _ in
                        beside.randomElement(using: &generator) ?? "a"
                    })
                var text = String(name)
                let folded = text.withUTF8 {
                    folder.withFolded(UnsafeRawBufferPointer($0)) { folded, _ in Array(folded) }
                }
                if folded != Array(NameFolding.fold(text).utf8) {
                    differences.append(name.map { String($0.value, radix: 16) }.joined(separator: " "))
                }
            }
        }
        #expect(differences == [])
    }
}
