import Foundation

/// `--name-match`: when two names are the same name.
package enum NameMatch: String, CaseIterable, Sendable, Codable {
    /// The trimmed bytes are equal.
    case exact
    /// The forms under NFKC and case folding are equal.
    case folded
}

/// The folded form of a name: NFKC, full case folding, NFKC again (Unicode 16, section 3.13, R5 with D147).
package enum NameFolding {
    /// The folded form of `name`.
    ///
    /// Case folding goes through lower, upper and lower case, scalar by scalar, which makes ß, ẞ and SS, and ς and σ,
    /// equal; the dotless ı, whose upper case is I but which folds to itself, is the exception.
    package static func fold(_ name: String) -> String {
        let compatible = name.precomposedStringWithCompatibilityMapping
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
        return String(folded).precomposedStringWithCompatibilityMapping
    }

    private static func asciiLowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        ("A"..."Z").contains(scalar) ? Unicode.Scalar(UInt8(scalar.value) | 0x20) : scalar
    }
}
