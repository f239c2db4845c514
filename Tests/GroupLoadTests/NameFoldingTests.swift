import Foundation
import GroupLoad
import TestSupport
import Testing

@Suite struct NameFoldingTests {
    /// NFKC_Casefold of each text that `texts` gives: the fixed point of leaving default-ignorable characters out
    /// (Unicode 16, DerivedCoreProperties.txt), NFKC and full case folding. A line a text, in numbers.
    private static let reference = """
        import unicodedata as u, random, sys
        ranges = '''00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF FFA0
        FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF'''.split()
        ignorable = {c for r in ranges for c in range(int(r.split('-')[0], 16), int(r.split('-')[-1], 16) + 1)}
        def fold(s):
            while True:
                t = u.normalize('NFKC', ''.join(c for c in s if ord(c) not in ignorable))
                t = u.normalize('NFKC', t.casefold())
                if t == s: return t
                s = t
        def numbers(s): return ' '.join(str(ord(c)) for c in s)
        def known(c): return u.category(chr(c)) not in ('Cn', 'Cs', 'Co')

        """

    @Test("two names are the same when NFKC_Casefold says so, for every character that Python knows")
    func agreesWithPython() async throws {
        let program = """
            for c in range(0x20, 0x110000):
                if known(c): print(c, numbers(fold(chr(c))))
            """
        let reference = try await Command.python(Self.reference + program).run()
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

    @Test(
        "texts of marks, invisible characters and letters that fold to several are the same where NFKC_Casefold says so"
    )
    func agreesOnTexts() async throws {
        let seed = SeededGenerator.seed() & 0xffff
        let program = """
            random.seed(\(seed))
            letters = 'aAeEiIıİßẞſΣςσŉǰΐﬀﬁΩ가각ㄱㅏ①²™℀ﷺ ¨ͅᾳᾼㅤᅟᅠﾠΆ'
            marks = '\\u0301\\u0327\\u0345\\u0323\\u0307\\u3099\\u05b0\\u0f71\\u0f72'
            for _ in range(5000):
                pieces = [letters, marks, [chr(c) for c in random.sample(sorted(ignorable), 20)]]
                s = ''.join(random.choice(random.choice(pieces)) for _ in range(random.randint(1, 8)))
                print(numbers(s) + '|' + numbers(fold(s)))
            """
        let reference = try await Command.python(Self.reference + program).run()
        #expect(reference.status == 0, "\(reference.errorText)")
        func text(_ numbers: Substring) -> String {
            String(
                String.UnicodeScalarView(
                    numbers.split(separator: " ").compactMap { UInt32($0).flatMap(Unicode.Scalar.init) }))
        }
        var count = 0
        for line in reference.outputText.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            let (name, expected) = (text(parts[0]), text(parts[1]))
            let folded = NameFolding.fold(name)
            #expect(folded.utf8.elementsEqual(expected.utf8), "\(line), seed \(seed)")
            #expect(NameFolding.fold(folded).utf8.elementsEqual(folded.utf8), "\(line), seed \(seed)")
            count += 1
        }
        #expect(count == 5_000)
    }

    @Test(
        arguments: [
            ("Straße", "STRASSE"), ("ΣΑΣ", "σας"), ("ﬁn", "FIN"), ("Ａ", "a"), ("É", "e\u{301}"), ("²", "2"),
            ("Pla\u{AD}tinum", "Platinum"), ("Go\u{200B}ld", "gold"),
            ("\u{1F469}\u{200D}\u{1F467}", "\u{1F469}\u{1F467}"),
            ("\u{AC00}\u{11A8}", "\u{AC01}"), ("❤\u{FE0F}", "❤"), ("e\u{200D}\u{301}", "é"), ("G\u{E0041}old", "gold"),
        ])
    func equates(a: String, b: String) {
        #expect(NameFolding.fold(a) == NameFolding.fold(b))
    }

    @Test(arguments: [("e", "é"), ("ı", "i"), ("a b", "a  b"), ("A", "А")])
    func tellsApart(a: String, b: String) {
        #expect(NameFolding.fold(a) != NameFolding.fold(b))
    }

    @Test(
        "near names differ in the length and kind of their blanks, and in none around them",
        arguments: [
            ("a b", "A  B", true), ("a b", "a\u{A0}b", true), ("a b", "a \u{2003}\u{3000}b", true),
            ("a b", "a\u{1680}b", true),
            ("a b", "a \u{200B} b", true), ("a", "a \u{200D}", true), ("a b", "ab", false), ("a b", "a-b", false),
        ])
    func near(a: String, b: String, isNear: Bool) { #expect((NearName.form(of: a) == NearName.form(of: b)) == isNear) }

    @Test(
        "a folder gives every character, also beside those that compose with it, the form that folding the whole gives")
    func folderAgrees() {
        var folder = NameFolder()
        var generator = SeededGenerator(state: 7)
        let planes: [ClosedRange<UInt32>] = [0x20...0xd7ff, 0xe000...0xffff, 0x1_f000...0x1_fbff, 0x1_1000...0x1_6fff]
        // Marks, letters that compose with them, consonants and vowels of Hangul, and letters whose case is contextual.
        let neighbours =
            "e\u{301}\u{327}\u{345}ıİΣςßǰ\u{1100}\u{1161}\u{11a8}가\u{3131}\u{314f}\u{9c7}\u{9be}か\u{3099}ﾊ\u{ff9e}A ☕ "
            + "\u{a0} \u{200b}\u{ad}\u{fe0f}"
        let beside = Array(neighbours.unicodeScalars)
        var differences: [String] = []
        for scalar in planes.joined().compactMap(Unicode.Scalar.init) {
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
            let (near, folded) = text.withUTF8 {
                folder.withForms(UnsafeRawBufferPointer($0)) { near, folded, _ in
                    (Array(near), folded.map(Array.init) ?? Array(near))
                }
            }
            if folded != Array(NameFolding.fold(text).utf8) || near != Array(NearName.form(of: text).utf8) {
                differences.append(name.map { String($0.value, radix: 16) }.joined(separator: " "))
            }
        }
        #expect(differences == [])
    }
}
