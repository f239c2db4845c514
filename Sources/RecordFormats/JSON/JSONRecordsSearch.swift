/// An array or object of a JSON document that is open.
struct JSONLevel {
    /// What the array or object is to the search for the records.
    enum Role {
        /// Its elements are the records.
        case records
        /// An object whose members' values are the records.
        case keyed
        /// An array whose elements are the records where the first one is an object.
        case undecided
        /// An object on the path to the records.
        case onPath
        /// The value at the path is a record by itself.
        case record
        /// Anything else; it is read, and its content is not used.
        case skipped
    }

    let isObject: Bool
    var role: Role
    /// The names of the objects around that aren't on the path to the records, where what is said of a page may stand;
    /// nil where it isn't looked for.
    var within: [String]?
}

/// Finds the array of a JSON document that holds the records: the document itself, the only array of objects among the
/// members of the document's object, or the array at the path that the user gave.
struct JSONRecordsSearch {
    private let path: [String]?
    private let mapping: MemberMapping
    private let isKeyed: Bool
    /// The member on the path whose name was read last.
    private var memberName = ""
    /// The member that holds the records; nil while it isn't found, and where the document is the array.
    private(set) var recordsMember: String?
    /// That of the document before.
    private(set) var earlierMember: String?
    private var hasEmptyArray = false
    /// The member that holds an array of arrays, as the rows of a table are.
    private var rowsMember: String?
    /// The names that lead from an element of the array to the record in it.
    private(set) var innerPath: [[UInt8]] = []
    /// Whether the document's object has a member that identifies records, so that it looks like a record itself.
    private var hasIdentifier = false

    init(options: DecodingOptions) {
        path = options.recordsPath
        isKeyed = options.keyName != nil
        mapping = options.mapping
    }

    /// A search in the next document of a source, the records of which are found in the same member.
    init(options: DecodingOptions, after other: JSONRecordsSearch) {
        self.init(options: options)
        earlierMember = other.recordsMember ?? other.earlierMember
    }

    /// Reads the name of a member on the path, whose grammar has been checked.
    mutating func readName(_ text: JSONReader.Text, of bytes: Span<UInt8>) {
        var decoded: [UInt8] = []
        _ = JSONText.decode(text, of: bytes, into: &decoded)
        memberName = String(decoding: decoded, as: UTF8.self)
        if mapping.member(decoded.span) == .first { hasIdentifier = true }
    }

    /// The role of the document where it is an array.
    /// - Throws: `noRecordsArray` at `line`, where the records are to be members of an object.
    mutating func roleOfArrayDocument(line: Int64) throws(DecodingFailure) -> JSONLevel.Role {
        if isKeyed { throw notKeyed("the document is an array", line) }
        if let path { innerPath = path.map { Array($0.utf8) } }
        return .records
    }

    /// The role of the document where it is an object.
    var roleOfObjectDocument: JSONLevel.Role { isKeyed && path == nil ? .keyed : .onPath }

    /// The role of the value that begins with `byte`, of the member whose name was read last.
    /// - Parameter depth: the number of levels that are open.
    /// - Throws: `noRecordsArray` at `line`.
    mutating func roleOfMember(
        _ byte: UInt8, depth: Int, line: Int64
    ) throws(DecodingFailure) -> JSONLevel.Role {
        guard let path else { return byte == UInt8(ascii: "[") && !Self.isOfLinks(memberName) ? .undecided : .skipped }
        guard memberName == path[depth - 1] else { return .skipped }
        let isLast = depth == path.count
        let name = "\"\(memberName.prefix(60))\""
        switch byte {
        case UInt8(ascii: "{") where !isLast: return .onPath
        case UInt8(ascii: "{"),
            UInt8(ascii: "[") where !isKeyed:
            break
        case UInt8(ascii: "[") where isLast: throw notKeyed("\(name) is an array", line)
        default: throw notOnPath("\(name) is neither an array nor an object", line)
        }
        if recordsMember != nil { throw notOnPath("\(name) is there twice", line) }
        recordsMember = memberName
        if byte == UInt8(ascii: "{") { return isKeyed ? .keyed : .record }
        innerPath = path[depth...].map { Array($0.utf8) }
        return .records
    }

    /// Whether a member holds links to other resources (HAL, JSON:API), which may be an array of objects.
    static func isOfLinks(_ name: String) -> Bool { name == "_links" || name == "links" }

    /// The role of an undecided array whose first element begins with `byte`.
    /// - Throws: `noRecordsArray` at `line`, where it is the second array of objects.
    mutating func roleOfArray(firstElement byte: UInt8, line: Int64) throws(DecodingFailure) -> JSONLevel.Role {
        if byte == UInt8(ascii: "[") { rowsMember = rowsMember ?? String(memberName.prefix(60)) }
        guard byte == UInt8(ascii: "{") else { return .skipped }
        // The columns of a table whose rows came before.
        if let rowsMember, JSONTable.isOfColumns(memberName) {
            let table = JSONTable(
                columns: [.member(memberName), .element], rows: [.member(rowsMember), .element])
            throw DecodingFailure(
                code: .noRecordsArray, line: line, message: table.message(nameMember: mapping.nameMember))
        }
        if let recordsMember {
            throw Self.isTwice(recordsMember, memberName, mapping, line)
        }
        recordsMember = String(memberName.prefix(60))
        return .records
    }

    /// The failure of a document in which two members hold arrays of objects.
    static func isTwice(
        _ first: String, _ second: String, _ mapping: MemberMapping, _ line: Int64
    ) -> DecodingFailure {
        let (first, second) = (String(first.prefix(60)), String(second.prefix(60)))
        return DecodingFailure(
            code: .noRecordsArray, line: line,
            message: "both \"\(first)\" and \"\(second)\" are arrays of objects; say which holds the "
                + "\(mapping.title.plural) with --records-at \(ShellWord.quoted(first)) or --records-at "
                + ShellWord.quoted(second))
    }

    /// Records that an undecided array was empty.
    mutating func noteEmptyArray() { hasEmptyArray = true }

    /// Ends the search in a document that is an object.
    /// - Throws: `noRecordsArray` at `line`, where no array holds the records.
    func finishObjectDocument(line: Int64) throws(DecodingFailure) {
        if let recordsMember, path == nil, hasIdentifier {
            throw DecodingFailure(
                code: .noRecordsArray, line: line,
                message: "the object has a name of its own beside \"\(recordsMember)\"; say that the "
                    + "\(mapping.title.plural) are there with --records-at \(ShellWord.quoted(recordsMember)), or that "
                    + "the object itself is one with --format ndjson")
        }
        if recordsMember != nil || isKeyed && path == nil { return }
        if path != nil { throw notOnPath("the document has no such member", line) }
        if hasEmptyArray, !hasIdentifier { return }
        throw DecodingFailure(
            code: .noRecordsArray, line: line,
            message:
                "the object holds no array of objects; say where the \(mapping.title.plural) are with --records-at, "
                + "or read one object a line with --format ndjson"
        )
    }

    private func notKeyed(_ what: String, _ line: Int64) -> DecodingFailure {
        DecodingFailure(
            code: .noRecordsArray, line: line,
            message: "\(what), but --key-as reads the members of an object; leave --key-as out")
    }

    private func notOnPath(_ what: String, _ line: Int64) -> DecodingFailure {
        DecodingFailure(
            code: .noRecordsArray, line: line,
            message:
                """
                no array of \(mapping.title.plural) at \"\((path ?? []).joined(separator: "."))\": \(what); \
                correct --records-at
                """
        )
    }
}
