/// The fields that the caller wants of each record, and which columns, JSON members, elements and attributes they are:
/// those with the standard names, or with the names that the user gave.
///
/// Names are matched without regard to ASCII case, blanks, `_` and `-`: `name`, `Na me` and `na_me` are one.
package struct MemberMapping: Sendable, Equatable {
    /// What the caller calls a record.
    package let title: RecordTitle
    /// The fields that are wanted, one to three. The first identifies a record: a CSV header must have its column.
    package let roles: [FieldRole]
    /// The names that the user gave, by the roles' indices; nil for the standard ones.
    package let givenNames: [String?]
    /// The given names without what is skipped, in lower case.
    private let foldedNames: [[UInt8]?]
    /// Names of four bytes, where all names are standard.
    private let fourByteNames: FourByteNames

    /// - Parameters:
    ///   - title: what the caller calls a record.
    ///   - roles: the fields that are wanted, one to three.
    ///   - givenNames: the names that stand for them, by index; nil, or none, for the standard ones.
    package init(title: RecordTitle, roles: [FieldRole], givenNames: [String?] = []) {
        precondition((1...RecordMember.rolesMax).contains(roles.count), "there are one to three roles")
        precondition(givenNames.count <= roles.count, "there is at most one given name a role")
        self.title = title
        self.roles = roles
        self.givenNames = givenNames + Array(repeating: nil, count: roles.count - givenNames.count)
        foldedNames = self.givenNames.map { $0.map(Self.folded) }
        fourByteNames = givenNames.allSatisfy { $0 == nil } ? FourByteNames(roles) : .none
    }

    /// What the first role's field is called.
    var nameMember: String { givenNames[0] ?? roles[0].name }

    /// Whether the user gave no name.
    package var isStandard: Bool { givenNames.allSatisfy { $0 == nil } }

    /// What the name `written` stands for. A given name replaces the standard names of its role. Bytes that aren't
    /// UTF-8 are `other`.
    func member(_ written: Span<UInt8>) -> RecordMember {
        if written.count == 4 {
            let word =
                UInt32(written[0]) << 24 | UInt32(written[1]) << 16 | UInt32(written[2]) << 8 | UInt32(written[3])
            if let member = fourByteNames.member(word) { return member }
        }
        let given = givenMember(written)
        if given != .other { return given }
        let member = standardMember(written)
        if let role = member.role, givenNames[role] != nil { return .other }
        return member
    }

    /// What the name `written` stands for by the names that the user gave.
    func givenMember(_ written: Span<UInt8>) -> RecordMember {
        for role in roles.indices {
            if let folded = foldedNames[role], Self.matches(written, folded) { return RecordMember(role: role) }
        }
        return .other
    }

    /// What a name of four bytes stands for, the first of which is the word's highest; nil where ``member(_:)`` has to
    /// decide. Such a name has no byte that JSON or XML would write otherwise.
    @inline(__always)
    func member(fourBytes word: UInt32) -> RecordMember? { fourByteNames.member(word) }

    /// What the header text `written` stands for: line breaks, other white space than blanks, and characters that can't
    /// be seen don't count.
    package func member(header written: String) -> RecordMember {
        if written.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return member(written.utf8.span) }
        var plain = String.UnicodeScalarView()
        for scalar in written.unicodeScalars
        where !scalar.properties.isWhitespace && !scalar.properties.isDefaultIgnorableCodePoint {
            plain.append(scalar)
        }
        return member(String(plain).utf8.span)
    }

    /// The mapping that a table with these columns is read by. A report names the columns of what is to be corrected by
    /// the standard names, so that the given ones don't hold for it, unless it has them.
    func fitting(_ columns: [String]) -> MemberMapping {
        guard !isStandard, Self.reportColumns.allSatisfy(columns.contains),
            givenNames.indices.contains(where: { role in
                givenNames[role] != nil && !columns.contains { member(header: $0).role == role }
            })
        else { return self }
        return MemberMapping(title: title, roles: roles)
    }

    /// Columns that a report's table of what is to be corrected has, whatever the records' own are.
    private static let reportColumns = ["_record", "_source"]

    /// The columns of a header by standard names: those of the roles get the roles' names, and others whose names would
    /// stand for a role get names that begin with `original`.
    package func standardColumns(_ columns: [String]) -> [String] {
        let fitting = fitting(columns)
        if fitting.isStandard { return columns }
        return columns.map { column in
            let member = member(header: column)
            if let role = member.role { return roles[role].name }
            return member == .other && standardMember(column.utf8.span).isKept ? "original " + column : column
        }
    }

    /// What the name `written` stands for where the user gives no name.
    private func standardMember(_ written: Span<UInt8>) -> RecordMember {
        switch FoldedName.fold(written) {
        case .ignored: return .ignored
        case .tooLong: return .other
        case .name(let name):
            for role in roles.indices where roles[role].standardNames.contains(name) {
                return RecordMember(role: role)
            }
            return .other
        }
    }

    private static func folded(_ text: String) -> [UInt8] {
        text.utf8.compactMap { byte in isSkipped(byte) ? nil : lowercase(byte) }
    }

    private static func matches(_ written: Span<UInt8>, _ folded: [UInt8]) -> Bool {
        var count = 0
        for index in 0..<written.count where !isSkipped(written[index]) {
            guard count < folded.count, lowercase(written[index]) == folded[count] else { return false }
            count += 1
        }
        return count == folded.count
    }

    private static func isSkipped(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
