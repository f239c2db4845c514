internal import Foundation

/// Recognises the forms in which a server may keep a name of ours. Such a name is not "another name". Pure.
///
/// | change by the server | example |
/// |---|---|
/// | trim and collapse white space | `" A  b "` → `"A b"` |
/// | cut, at a length of its own | to 20 characters or more, or to one of ``cuts`` in characters or bytes |
/// | cut before a character of four bytes | `"Gold 😀"` → `"Gold "` |
/// | change the case | `"VIP"` → `"vip"`, `"Straße"` → `"STRASSE"` |
/// | normalise (NFC, NFD, NFKC) | `"ﬁ"` → `"fi"`, `"①"` → `"1"` |
/// | replace what its character set lacks by `?` or U+FFFD, one or more | `"Łódź"` → `"?ód?"` |
/// | leave out what can't be seen (NFKC_Casefold) | `"Pla\u{AD}tinum"` → `"Platinum"` |
/// | leave out what its character set lacks | `"Łódź 1"` → `"ód 1"` |
/// | leave diacritics out | `"Łódź"` → `"Lodz"` |
/// | escape for HTML, once or twice | `"A & B"` → `"A &amp; B"` |
///
/// Each can come with trimming, another case, a cut and escapes.
package enum NameForm {
    /// Lengths of columns that names are cut to.
    private static let cuts = [20, 30, 32, 40, 50, 64, 100, 128, 191, 200, 250, 255, 256]
    /// A prefix of ours that is at least this long counts as a cut.
    private static let prefixLeast = 20

    /// Whether `name` is a form of `own`.
    ///
    /// - Parameters:
    ///   - name: as the server has it.
    ///   - own: as it was sent.
    ///   - anyCut: whether a cut at any length counts: a response of another call may look the same.
    package static func isForm(_ name: String, of own: String, anyCut: Bool = false) -> Bool {
        if name == own { return true }
        let sent = [own, String(own.prefix { $0.unicodeScalars.allSatisfy { $0.value < 0x10000 } })]
        return spellings(name).contains { text, isCut in
            sent.contains { own in
                NameFold.all.contains { fold in
                    guard let pattern = fold.tokens(own, isOwn: true), let given = fold.tokens(text, isOwn: false),
                        !given.isEmpty
                    else { return false }
                    return given == pattern || (isCut || anyCut) && pattern.starts(with: given)
                }
            }
        }
    }

    /// The name as it is and unescaped, each with whether its length is that of a cut.
    private static func spellings(_ name: String) -> [(text: String, isCut: Bool)] {
        var text = name
        // Half a character, where bytes were cut.
        while text.last == "\u{FFFD}" { text.removeLast() }
        let isCut = isCut(name) || isCut(text)
        let once = HTMLEntities.unescaped(text)
        var all = [(name, false), (text, isCut)]
        if once != text { all += [(once, isCut), (HTMLEntities.unescaped(once), isCut)] }
        // Half an entity.
        if isCut, let mark = once.lastIndex(of: "&"), once[mark...].utf8.count <= 6 {
            all.append((String(once[..<mark]), true))
        }
        return all
    }

    private static func isCut(_ text: String) -> Bool {
        let count = text.count
        if count >= prefixLeast { return true }
        // A blank at the cut may have been trimmed, and a character of several bytes left out.
        let units = text.utf16.count, bytes = text.utf8.count
        return cuts.contains { cut in
            (cut - 1...cut).contains(count) || (cut - 1...cut).contains(units) || (cut - 3...cut).contains(bytes)
        }
    }
}

/// One way to bring a name of ours and one of the server's to the same form.
private struct NameFold {
    /// A part of a name in this form.
    enum Token: Equatable {
        case scalar(Unicode.Scalar)
        /// One or more replaced characters.
        case replaced
    }

    private enum Loss { case none, marks, replaced, leftOut }

    private var loss: Loss
    /// Whether the server's character set has a character.
    private var holds: @Sendable (Unicode.Scalar) -> Bool = { _ in true }
    private var isDecomposed = false

    /// Windows-1252 beyond Latin-1.
    private static let windows = Set("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ".unicodeScalars)
    /// Letters with a stroke or of two letters, which don't decompose.
    private static let bareLetters: [Unicode.Scalar: String] = [
        "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
    ]

    /// All forms that are recognised.
    static let all: [NameFold] = {
        let sets: [@Sendable (Unicode.Scalar) -> Bool] = [
            { $0.isASCII }, { $0.value < 0x100 }, { $0.value < 0x100 || windows.contains($0) }, { $0.value < 0x10000 },
        ]
        let lossy = sets.flatMap { set in
            [Loss.replaced, .leftOut].flatMap { loss in
                [false, true].map { NameFold(loss: loss, holds: set, isDecomposed: $0) }
            }
        }
        return [NameFold(loss: .none), NameFold(loss: .marks)] + lossy
    }()

    /// The name in this form; nil where the form can't differ from the plain one, for the character set has all of it.
    func tokens(_ name: String, isOwn: Bool) -> [Token]? {
        var text = name
        switch loss {
        case .none: text = name.precomposedStringWithCompatibilityMapping
        case .marks: text = name.decomposedStringWithCompatibilityMapping
        case .replaced, .leftOut:
            guard isOwn else { break }
            text = isDecomposed ? name.decomposedStringWithCanonicalMapping : name.precomposedStringWithCanonicalMapping
            if text.unicodeScalars.allSatisfy(holds) { return nil }
        }
        var tokens: [Token] = []
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if let last = tokens.last, last != .scalar(" ") { tokens.append(.scalar(" ")) }
            } else if loss == .replaced, scalar == "?" || scalar == "\u{FFFD}" || isOwn && !holds(scalar) {
                if tokens.last != .replaced { tokens.append(.replaced) }
            } else if loss == .leftOut, isOwn, !holds(scalar) {
                continue
            } else if loss == .none || loss == .marks, scalar.properties.isDefaultIgnorableCodePoint {
                continue
            } else if loss == .marks, scalar.properties.generalCategory == .nonspacingMark {
                continue
            } else {
                append(scalar, to: &tokens)
            }
        }
        if tokens.last == .scalar(" ") { tokens.removeLast() }
        return tokens
    }

    /// Appends the scalar with its case folded: lower, upper and lower case make ß and SS, and ς and σ, equal.
    private func append(_ scalar: Unicode.Scalar, to tokens: inout [Token]) {
        if scalar.isASCII {
            return tokens.append(
                .scalar(("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar))
        }
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
            if loss == .marks, let bare = Self.bareLetters[lower] {
                tokens += bare.unicodeScalars.map { .scalar($0) }
                continue
            }
            for upper in lower.properties.uppercaseMapping.unicodeScalars {
                tokens += upper.properties.lowercaseMapping.unicodeScalars.map { .scalar($0) }
            }
        }
    }
}
