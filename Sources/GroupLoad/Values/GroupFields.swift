// RecordFormats knows the fields of a record by role; these are the roles of a group's fields, by their own names.
package import RecordFormats

extension MemberMapping {
    /// The fields of groups under their standard names.
    package static let groups = MemberMapping.groups(name: nil, rank: nil, active: nil)

    /// The fields of groups under the names that the user gave; nil for the standard ones.
    package static func groups(name: String?, rank: String?, active: String?) -> MemberMapping {
        MemberMapping(
            title: RecordTitle(singular: "group", plural: "groups"),
            roles: [
                FieldRole(
                    name: "name", content: .text, standardNames: ["name", "groupname"],
                    likelyWords: ColumnTitles.names),
                FieldRole(
                    name: "rank", content: .integer, standardNames: ["rank", "grouprank"],
                    likelyWords: ColumnTitles.ranks),
                FieldRole(
                    name: "isActive", title: "activity", option: "active", content: .flag,
                    standardNames: ["active", "isactive"], likelyWords: ColumnTitles.activities),
            ], givenNames: [name, rank, active])
    }
}

extension RecordMember {
    /// The group's name.
    package static var name: RecordMember { .first }
    /// The group's rank.
    package static var rank: RecordMember { .second }
    /// Whether the group is active.
    package static var active: RecordMember { .third }

    /// What a header text stands for by the standard names.
    package init(header: String) { self = MemberMapping.groups.member(header: header) }
}

extension Record {
    /// The group's name.
    @inline(__always)
    package var name: RecordField { fields.first }
    /// The group's rank.
    @inline(__always)
    package var rank: RecordField { fields.second }
    /// Whether the group is active.
    @inline(__always)
    package var active: RecordField { fields.third }
}

extension RecordProblem {
    /// What is wrong and what to do about it.
    package var message: String { message(line: nil) }

    /// What is wrong and what to do about it, of a record on `line`.
    package func message(line: Int64?) -> String {
        message(notAnObject: "write each group as {\"name\": …, \"rank\": …}", line: line)
    }
}

extension RecordEncoder.Fault {
    /// Why the record can't be written, and what to do about it.
    package var message: String {
        switch self {
        case .problem(let problem): problem.message
        case .wrongContent(0): "the name is not text, or is given twice; correct it before converting"
        case .wrongContent(1):
            "the rank is neither text nor a number, or is given twice; correct it before converting"
        case .wrongContent:
            "the activity is neither text nor true or false, or is given twice; correct it before converting"
        case .flagTooLate:
            "it is the first that says whether its group is active, too late for a column in CSV; say it in the first "
                + "record, or convert to another format"
        case .notInSheet:
            "a sheet has no room for it: at most 1048575 records and 32767 characters a cell; convert to another format"
        case .notInXML: "holds a control character that XML can't express; remove it, or convert to another format"
        }
    }
}
