import Foundation
import RewardsClient

/// `--name-match`: when two names are the same name.
package enum NameMatch: String, CaseIterable, Sendable, Codable {
    /// The trimmed bytes are equal.
    case exact
    /// The near forms are equal (``NearName``): NFKC_Casefold, with any white space as one blank.
    case folded

    /// Whether two names, neither of which has blanks around it, are the same.
    package func areSame(_ name: String, _ other: String) -> Bool {
        name.hasBytes(of: other) || self == .folded && NearName.form(of: name) == NearName.form(of: other)
    }
}

/// The folded form of a name, toNFKC_Casefold: default-ignorable characters left out, NFKC, full case folding, and that
/// again until nothing changes (Unicode 16, section 3.13, R5 with D147, and NFKC_CF of DerivedNormalizationProps.txt).
package enum NameFolding {
    /// Two rounds bring every name there but some with marks out of order.
    private static let roundsMax = 4

    /// The folded form of `name`; empty where nothing of it can be seen.
    ///
    /// Case folding goes through lower, upper and lower case, scalar by scalar, which makes ß, ẞ and SS, and ς and σ,
    /// equal; the dotless ı, whose upper case is I but which folds to itself, is the exception.
    package static func fold(_ name: String) -> String {
        var form = round(name)
        for _ in 1..<roundsMax where !form.utf8.allSatisfy({ $0 < 0x80 }) {
            let next = round(form)
            if next.hasBytes(of: form) { break }
            form = next
        }
        return form
    }

    /// Whether a character is left out: a zero-width space, a soft hyphen, a joiner, a variation selector …
    package static func isIgnorable(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0xAD && scalar.properties.isDefaultIgnorableCodePoint
    }

    private static func round(_ name: String) -> String {
        var visible = name
        if name.unicodeScalars.contains(where: isIgnorable) {
            visible = String(String.UnicodeScalarView(name.unicodeScalars.filter { !isIgnorable($0) }))
        }
        let compatible = visible.precomposedStringWithCompatibilityMapping
        var folded = String.UnicodeScalarView()
        for scalar in compatible.unicodeScalars {
            if scalar.isASCII {
                folded.append(asciiLowercase(scalar))
            } else if scalar == "\u{131}" {
                folded.append(scalar)
            } else {
                for lower in scalar.properties.lowercaseMapping.unicodeScalars {
                    for upper in lower.properties.uppercaseMapping.unicodeScalars {
                        folded.append(contentsOf: upper.properties.lowercaseMapping.unicodeScalars)
                    }
                }
            }
        }
        return withFinalConsonants(String(folded).precomposedStringWithCompatibilityMapping)
    }

    /// `composed` with U+11A8, a final consonant of Hangul, composed with the syllable before it, which Foundation
    /// leaves to do (Unicode 16, section 3.12.3: a syllable without a final consonant is a multiple of 28 from U+AC00).
    private static func withFinalConsonants(_ composed: String) -> String {
        guard composed.unicodeScalars.contains("\u{11A8}") else { return composed }
        var text = String.UnicodeScalarView()
        for scalar in composed.unicodeScalars {
            if scalar == "\u{11A8}", let last = text.last, (0xAC00...0xD7A3).contains(last.value),
                (last.value - 0xAC00) % 28 == 0, let syllable = Unicode.Scalar(last.value + 1)
            {
                text.removeLast()
                text.append(syllable)
            } else {
                text.append(scalar)
            }
        }
        return String(text)
    }

    private static func asciiLowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }
}
