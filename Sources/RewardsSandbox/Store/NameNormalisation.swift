import Foundation

/// What a server makes of a group before it stores it: of its name, and of its rank.
package struct NameNormalisation: Sendable, Equatable {
    /// Names and ranks are stored as they are sent.
    package static let none = NameNormalisation()

    /// A change of the name; applied in this order.
    private enum Kind: String, CaseIterable {
        /// Unicode's normalization form C.
        case nfc
        /// `?` in place of each code point outside Latin-1.
        case question
        /// One blank in place of white space, however much.
        case collapse
        /// No white space at either end.
        case trim
        /// Lower case.
        case lower
    }

    private var kinds: [Kind] = []
    /// The code points that are left of a longer name.
    private var countMax: Int?
    /// Whether every group is stored without a rank.
    private(set) var ignoresRank = false

    private init() {}

    /// Reads `trim`, `lower`, `collapse`, `nfc`, `question`, `cut=N` and `no-rank`, with commas between.
    /// - Throws: ``SandboxError`` with the code `configuration`: an unknown kind, or a count that isn't at least 1.
    package init(_ text: String) throws(SandboxError) {
        var given: Set<Kind> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            if let kind = Kind(rawValue: String(part)) {
                given.insert(kind)
            } else if part == "no-rank" {
                ignoresRank = true
            } else if part.hasPrefix("cut="), let count = Int(part.dropFirst(4)), count >= 1 {
                countMax = count
            } else {
                throw .configuration(
                    "normalisation \(part.prefix(40)) is of no known kind; write trim, lower, collapse, nfc, question, "
                        + "cut=N or no-rank")
            }
        }
        kinds = Kind.allCases.filter(given.contains)
    }

    /// A name as it is stored.
    func stored(_ name: String) -> String {
        let name = kinds.reduce(name) { Self.apply($1, to: $0) }
        guard let countMax else { return name }
        return String(String.UnicodeScalarView(name.unicodeScalars.prefix(countMax)))
    }

    private static func apply(_ kind: Kind, to name: String) -> String {
        switch kind {
        case .nfc: return name.precomposedStringWithCanonicalMapping
        case .trim: return name.trimmingCharacters(in: .whitespacesAndNewlines)
        case .lower: return name.lowercased()
        case .question:
            let scalars = name.unicodeScalars.map { $0.value <= 0xff ? $0 : "?" }
            return String(String.UnicodeScalarView(scalars))
        case .collapse:
            var scalars = String.UnicodeScalarView()
            for scalar in name.unicodeScalars {
                let isSpace = scalar.properties.isWhitespace
                if isSpace, scalars.last == " " { continue }
                scalars.append(isSpace ? " " : scalar)
            }
            return String(scalars)
        }
    }
}
