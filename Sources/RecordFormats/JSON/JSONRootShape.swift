/// Finds out what the object is that a JSON source begins with: a record, behind which others may follow, or a document
/// that holds an array of records.
///
/// The first object is held back up to its end, at most 64 KiB of it, because the member that decides may be its last
/// one. What is found doesn't depend on how the source is cut. Where a longer object turns out to have a name behind
/// its list, `JSONRecordsSearch` refuses it.
struct JSONRootShape {
    /// What the source is.
    enum Shape {
        /// An array, an object that holds one, or no JSON.
        case document
        /// Objects, each of which is a record.
        case records
    }

    /// The bytes read so far.
    private(set) var bytes: [UInt8] = []
    /// The most bytes that are held back.
    private let bytesMax: Int
    private let limits: DecodingLimits
    private let mapping: MemberMapping
    private var framer: JSONValueFramer?

    /// A search at the beginning of a source, behind any byte order mark.
    init(options: DecodingOptions) {
        limits = options.limits
        bytesMax = min(limits.recordBytesMax, 1 << 16)
        mapping = options.mapping
    }

    /// Reads bytes of `chunk`, from `index` on, until the shape is known.
    /// - Throws: `noRecordsArray`, where the object may be both.
    mutating func read(_ chunk: Span<UInt8>, _ index: inout Int) throws(DecodingFailure) -> Shape? {
        let start = index
        while framer == nil {
            guard index < chunk.count else {
                bytes.append(chunk.extracting(start..<index))
                return bytes.count < bytesMax ? nil : .document
            }
            switch chunk[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "{"): framer = JSONValueFramer(levelsLeft: limits.depthMax)
            default:
                index = start
                return .document
            }
        }
        let left = max(0, bytesMax - bytes.count - (index - start))
        guard let outcome = framer?.advance(chunk, &index, bytesMax: left) else { return nil }
        bytes.append(chunk.extracting(start..<index))
        if case .more = outcome { return nil }
        return try end()
    }

    /// The shape by the bytes read so far, of a source that may have ended before the object did.
    /// - Throws: `noRecordsArray`, where the object may be both.
    func end() throws(DecodingFailure) -> Shape {
        guard framer != nil else { return .document }
        let root = JSONRootMembers(bytes.span, mapping)
        if let table = root.table {
            throw DecodingFailure(
                code: .noRecordsArray, line: 1, message: table.message(nameMember: mapping.nameMember))
        }
        if let (columns, rows) = root.describedRows {
            throw DecodingFailure(
                code: .noRecordsArray, line: 1,
                message: "\"\(columns)\" and \"\(rows)\" are arrays of objects, and \"\(columns)\" seems to describe "
                    + "columns; read the \(mapping.title.plural) with --records-at \(ShellWord.quoted(rows))")
        }
        if !root.hasName, let second = root.secondArray {
            throw JSONRecordsSearch.isTwice(second.first, second.name, mapping, second.line)
        }
        if root.hasName {
            if let name = root.listMember { throw isBoth(name) }
            return .records
        }
        return root.arrays.isEmpty && !root.hasEmptyArray ? .records : .document
    }

    private func isBoth(_ member: String) -> DecodingFailure {
        DecodingFailure(
            code: .noRecordsArray, line: 1,
            message:
                "the object has a name of its own, and \"\(member)\" is an array of objects with names; say that those "
                + "are the \(mapping.title.plural) with --records-at \(ShellWord.quoted(member)), or that the object "
                + "itself is one with --format ndjson")
    }
}

/// What the members of an object say of it, as far as they can be read.
struct JSONRootMembers {
    /// Names of members that say by themselves that their arrays hold the records.
    private static let listNames = ["items", "records", "data", "results", "rows", "list", "grouplist", "grouprolist"]
        .map { FoldedName(standard: $0) }

    /// Whether the object has a member that identifies a record.
    private(set) var hasName = false
    /// The members that hold arrays of objects.
    private(set) var arrays: [String] = []
    /// The second of them that may hold the records, where it isn't known which does: the name of the first one, its
    /// own, and the line on which its first object begins.
    private(set) var secondArray: (first: String, name: String, line: Int64)?
    /// The first of them that says by its name that it holds records, and whose first object has a name.
    private(set) var listMember: String?
    /// Whether a member holds an empty array.
    private(set) var hasEmptyArray = false
    /// Those of ``arrays`` whose first object has a name, and how many objects they hold; nil where that isn't known.
    private var named: [(name: String, count: Int?)] = []
    /// The members that hold arrays of arrays, and how many elements the first of these has.
    private var rows: [(name: String, count: Int?)] = []

    /// The table whose columns and rows are members: an array of objects with names, and one of arrays, of which there
    /// may be none. The member's name says that these are columns, or there are as many as a row has values.
    var table: JSONTable? {
        for columns in named {
            let isSaid = JSONTable.isOfColumns(columns.name)
            let mayBe = !isList(columns.name) && columns.count != nil
            let found = rows.first { isSaid || mayBe && $0.count == columns.count }
            guard found != nil || isSaid && hasEmptyArray && arrays.count == 1 else { continue }
            return JSONTable(
                columns: [.member(columns.name), .element], rows: found.map { [.member($0.name), .element] })
        }
        return nil
    }

    /// Two arrays of objects, the first of which describes the columns of the second one's.
    var describedRows: (columns: String, rows: String)? {
        guard arrays.count == 2, let columns = named.first(where: { JSONTable.isOfColumns($0.name) })?.name,
            let rows = arrays.first(where: { $0 != columns }), isList(rows)
        else { return nil }
        return (columns, rows)
    }

    private func isList(_ name: String) -> Bool {
        guard case .name(let folded) = FoldedName.fold(name.utf8.span) else { return false }
        return Self.listNames.contains(folded) || name.lowercased() == plural
    }

    /// What the caller calls records.
    private let plural: String

    init(_ bytes: Span<UInt8>, _ mapping: MemberMapping) {
        plural = mapping.title.plural
        var reader = JSONReader(levelsLeft: 200)
        reader.skipBlanks(bytes)
        do throws(JSONError) {
            try reader.open()
            reader.skipBlanks(bytes)
            if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "}") { return }
            repeat {
                let name = JSONSurvey.name(try reader.memberName(bytes), bytes)
                if mapping.member(name.span) == .first { hasName = true }
                if reader.index < bytes.count, bytes[reader.index] == UInt8(ascii: "[") {
                    readArray(String(decoding: name, as: UTF8.self), bytes, from: reader.index + 1, mapping)
                }
                try reader.skipValue(bytes)
            } while try reader.another(bytes, close: UInt8(ascii: "}"))
        } catch {
            // The decoder finds the fault, and its place.
            return
        }
    }

    private mutating func readArray(_ name: String, _ bytes: Span<UInt8>, from start: Int, _ mapping: MemberMapping) {
        var reader = JSONReader(levelsLeft: 200)
        reader.index = start
        reader.skipBlanks(bytes)
        guard reader.index < bytes.count else { return }
        if bytes[reader.index] == UInt8(ascii: "]") { return hasEmptyArray = true }
        if bytes[reader.index] == UInt8(ascii: "[") {
            rows.append((name, Self.elements(bytes, from: reader.index)))
            return
        }
        guard bytes[reader.index] == UInt8(ascii: "{") else { return }
        arrays.append(name)
        let lists = arrays.filter { !JSONRecordsSearch.isOfLinks($0) }
        if secondArray == nil, lists.count == 2, lists.last == name {
            var line: Int64 = 1
            for index in 0..<reader.index where bytes[index] == 0x0A { line += 1 }
            secondArray = (lists[0], name, line)
        }
        let first = JSONRootMembers(bytes.extracting(reader.index..<bytes.count), mapping)
        guard first.hasName else { return }
        named.append((name, Self.elements(bytes, from: start - 1)))
        if listMember == nil, isList(name) { listMember = name }
    }

    /// The number of elements of the array that begins at `start`; nil where it doesn't end.
    private static func elements(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var reader = JSONReader(levelsLeft: 200)
        reader.index = start
        do throws(JSONError) {
            try reader.open()
            reader.skipBlanks(bytes)
            guard reader.index < bytes.count else { return nil }
            if bytes[reader.index] == UInt8(ascii: "]") { return 0 }
            var count = 0
            repeat {
                try reader.skipValue(bytes)
                count += 1
            } while try reader.another(bytes, close: UInt8(ascii: "]"))
            return count
        } catch {
            return nil
        }
    }
}
