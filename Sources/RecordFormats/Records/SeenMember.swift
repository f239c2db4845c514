/// A column, JSON member, element or attribute that the first records of a source have, and what it holds there.
package struct SeenMember: Sendable, Equatable {
    /// The name as written.
    package let name: String
    /// What it stands for.
    package let member: RecordMember
    /// Records in which it says something: more than white space or null.
    package private(set) var values = 0
    /// Those of them in which it is an integer, `1.0` included.
    package private(set) var integers = 0
    /// Those of them in which it is a word for yes or no, or 1 or 0.
    package private(set) var flags = 0

    /// Those of them in which it is a mark that stands for yes, as `x`.
    package private(set) var ticks = 0
    /// Records in which it is there and says nothing.
    package private(set) var blanks = 0
    /// Whether ``name`` is its own; false for what a column without a title is called.
    package let hasTitle: Bool

    /// A member of which nothing is known but its name.
    package init(name: String, member: RecordMember, hasTitle: Bool = true) {
        self.name = name
        self.member = member
        self.hasTitle = hasTitle
    }

    /// Adds what a record holds, as text.
    package mutating func add(_ value: some Collection<UInt8>) {
        // What is longer is neither an integer nor a word.
        let text = String(decoding: value.prefix(40), as: UTF8.self).lowercased().filter { !$0.isWhitespace }
        guard !text.isEmpty, text != "null" else { return blanks += 1 }
        values += 1
        if Self.tickMarks.contains(text) { ticks += 1 }
        if Self.isInteger(text.utf8) { integers += 1 }
        if Self.flagWords.contains(text) { flags += 1 }
    }

    /// Whether a text is one to ten digits, with a sign before them or not, and with a point and zeros behind or not.
    /// By hand, for to make a regular expression takes longer than to read a thousand records.
    private static func isInteger(_ text: String.UTF8View) -> Bool {
        let unsigned = text.first.map { "+-".utf8.contains($0) } == true ? text.dropFirst() : text[...]
        let digits = unsigned.prefix { (0x30...0x39).contains($0) }
        let rest = unsigned.dropFirst(digits.count)
        guard (1...10).contains(digits.count) else { return false }
        return rest.isEmpty || rest.first == UInt8(ascii: ".") && rest.dropFirst().allSatisfy { $0 == 0x30 }
    }

    /// Marks that people set where something is so, and leave out where it isn't.
    private static let tickMarks: Set<String> = ["x", "✓", "✔", "✔\u{FE0F}", "☑", "☑\u{FE0F}", "✅", "√", "*", "•"]

    /// Words for yes and no, and for active and inactive, in lower case.
    private static let flagWords: Set<String> = [
        "1", "0", "true", "false", "yes", "no", "y", "n", "t", "f", "on", "off", "x", "✓", "-", "active", "inactive",
        "enabled", "disabled", "wahr", "falsch", "ja", "nein", "j", "aktiv", "inaktiv", "vrai", "faux", "oui", "non",
        "actif", "inactif", "verdadero", "falso", "sí", "sì", "si", "activo", "inactivo", "activa",
        "inactiva", "attivo", "inattivo", "sim", "não", "nao", "ativo", "inativo", "nee", "actief", "inactief", "live",
        "archived",
    ]
}

/// The members that the first records of a source have, gathered record by record; bounded.
struct MemberSurvey: Sendable {
    /// Records that are looked at, and members that are distinguished.
    static let recordsMax = 100, membersMax = 200

    private let mapping: MemberMapping
    private(set) var members: [SeenMember] = []
    private var places: [String: Int] = [:]

    init(_ mapping: MemberMapping) { self.mapping = mapping }

    /// Notes that a record has a member; nil for its value where that is no text, number or word.
    mutating func add(_ name: String, _ value: [UInt8]?, hasTitle: Bool = true) {
        let place: Int
        if let known = places[name] {
            place = known
        } else {
            guard members.count < Self.membersMax else { return }
            place = members.count
            places[name] = place
            let member = hasTitle ? mapping.member(header: name) : .other
            members.append(SeenMember(name: name, member: member, hasTitle: hasTitle))
        }
        if let value { members[place].add(value) }
    }
}
