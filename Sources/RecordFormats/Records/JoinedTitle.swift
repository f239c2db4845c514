/// What separates the titles of several columns that stand in one cell, which was split at something else.
enum JoinedTitle: Equatable {
    /// One sign.
    case sign(CSVDelimiter)
    /// More signs than one.
    case signs(String)
    /// Blanks.
    case blanks

    /// Signs that titles hold, and that separate no columns.
    private static let inTitles = Set("_-.()[]{}'`/&".utf8)

    /// What separates the first role's title from another role's in a cell; nil where there aren't both.
    static func separator(in title: String, _ mapping: MemberMapping) -> JoinedTitle? {
        if let signs = between(pieces(of: title), mapping) {
            if let byte = signs.utf8.first, Set(signs.utf8).count == 1, let delimiter = CSVDelimiter(rawValue: byte) {
                return .sign(delimiter)
            }
            return .signs(signs)
        }
        let wide = title.replacing(/\s{2,}/, with: "\t").split(separator: "\t").map(String.init)
        if hasBoth(wide, mapping) { return .blanks }
        // One blank may stand in any title.
        let words = title.split(whereSeparator: \.isWhitespace).map(String.init)
        return hasBoth(words, mapping) && words.allSatisfy { mapping.member(header: $0) != .other } ? .blanks : nil
    }

    /// The same of cells between which a sign stands that is only a part of what separates them: `name~`, `~rank`.
    static func separator(among columns: [String], at delimiter: CSVDelimiter, _ mapping: MemberMapping) -> JoinedTitle?
    {
        guard columns.count > 1 else { return columns.first.flatMap { separator(in: $0, mapping) } }
        for (left, right) in zip(columns, columns.dropFirst()) {
            let signs = String(left.reversed().prefix(while: isSign).reversed()), others = right.prefix(while: isSign)
            guard !signs.isEmpty, !others.isEmpty else { continue }
            let titles = columns.map { $0.filter { !isSign($0) } }
            if titles.contains(where: { mapping.member(header: $0) == .first }) {
                return .signs(signs + String(UnicodeScalar(delimiter.rawValue)) + others)
            }
        }
        return nil
    }

    /// What to do about it.
    var remedy: String {
        switch self {
        case .sign(let delimiter):
            let (byte, octal) = (delimiter.rawValue, String(delimiter.rawValue, radix: 8))
            let word = byte < 0x20 ? "\"$(printf '\\0\(octal)')\"" : ShellWord.quoted(delimiter.name)
            return "it is one field, which \(delimiter.description) seems to separate: give --delimiter \(word)"
        case .signs(let signs):
            let pattern = signs.map { #"\/.*[]^$"#.contains($0) ? "\\\($0)" : "\($0)" }.joined()
            return
                "\"\(ShownTitle.text(signs))\" seems to separate its fields: write one sign in its place, for example "
                + "with sed \(ShellWord.quoted("s/\(pattern)/|/g")) FILE"
        case .blanks:
            return "its columns seem to be separated by blanks, or to have fixed widths: export the list as CSV"
        }
    }

    /// A title, and the signs behind it.
    private typealias Piece = (title: String, signs: String)

    private static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text[...]
        while !rest.isEmpty {
            let title = rest.prefix { !isSign($0) }
            let signs = rest[title.endIndex...].prefix(while: isSign)
            pieces.append((String(title), String(signs)))
            rest = rest[signs.endIndex...]
        }
        return pieces
    }

    private static func isSign(_ character: Character) -> Bool {
        guard let byte = character.asciiValue, CSVDelimiter(rawValue: byte) != nil else { return false }
        return !inTitles.contains(byte)
    }

    /// The signs behind the first of the pieces that have the wanted titles.
    private static func between(_ pieces: [Piece], _ mapping: MemberMapping) -> String? {
        guard pieces.count > 1, hasBoth(pieces.map(\.title), mapping) else { return nil }
        return pieces.first { !$0.signs.isEmpty }?.signs
    }

    /// Whether one title is that of the first role and another one that of another role, or likely to be.
    private static func hasBoth(_ titles: [String], _ mapping: MemberMapping) -> Bool {
        func place(of roles: some Collection<Int>) -> Set<Int> {
            Set(
                titles.indices.filter { place in
                    let member = mapping.member(header: titles[place])
                    return roles.contains { role in
                        member.role == role || member == .other && mapping.roles[role].likelihood(titles[place]) == 1
                    }
                })
        }
        let (first, others) = (place(of: [0]), place(of: mapping.roles.indices.dropFirst()))
        return !first.isEmpty && !others.subtracting(first).isEmpty
    }
}
