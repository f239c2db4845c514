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
    /// The first of them that says by its name that it holds records, and whose first object has a name.
    private(set) var listMember: String?
    /// Whether a member holds an empty array.
    private(set) var hasEmptyArray = false

    init(_ bytes: Span<UInt8>, _ mapping: MemberMapping) {
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
        guard bytes[reader.index] == UInt8(ascii: "{") else { return }
        arrays.append(name)
        guard listMember == nil, case .name(let folded) = FoldedName.fold(name.utf8.span),
            Self.listNames.contains(folded) || name.lowercased() == mapping.title.plural
        else { return }
        let first = JSONRootMembers(bytes.extracting(reader.index..<bytes.count), mapping)
        if first.hasName { listMember = name }
    }
}
