/// Looks for the first record that has a name, and holds the records before it back: a list in which none has one was
/// read at the wrong place, and gives a failure that says where names stand, not an invalid record each.
struct NameSearch {
    /// Records, and bytes of them, that are held back at most, and looked through for names in deeper places.
    private static let recordsMax: Int64 = 1000, bytesMax = 1 << 20

    private let format: RecordFormat
    private let options: DecodingOptions
    /// The records that are held back.
    private(set) var held = RecordBatch()
    private var isHolding: Bool
    private var hasName = false
    /// The number of the last record that was looked at.
    private var seen: Int64 = 0
    private var hasSound = false
    /// Whether all names so far are those of fields; one of the first role, and one of another.
    private var mayBeFields = true
    private var firstField: String?, otherField: String?
    private var firstLine: Int64 = 1
    private var survey: JSONSurvey
    /// JSON: the object that the document is, as far as it was held back; empty for an array.
    var root: [UInt8] = []
    /// JSON: whether the source is one object behind the other.
    var isOfRecords = false
    /// The first record that holds more objects with names, and the members that lead to them.
    private(set) var nested: (recordNumber: Int64, path: [String])?

    init(format: RecordFormat, options: DecodingOptions) {
        self.format = format
        self.options = options
        isHolding = format != .csv
        survey = JSONSurvey(mapping: options.mapping)
        standard = MemberMapping(title: options.mapping.title, roles: options.mapping.roles)
    }

    private var mapping: MemberMapping { options.mapping }
    /// The mapping without the names that the user gave.
    private let standard: MemberMapping

    /// Has `body` append records to `batch`, or to those that are held back.
    /// - Throws: what `body` throws; `noRecordsArray`, where the records are the columns of a table.
    mutating func collect(
        into batch: inout RecordBatch, _ body: (inout RecordBatch) throws(DecodingFailure) -> Void
    ) throws(DecodingFailure) {
        guard isHolding else {
            let before = batch.records.count
            defer { if format != .csv { look(at: batch, from: before) } }
            return try body(&batch)
        }
        let before = held.records.count
        var failure: DecodingFailure?
        do throws(DecodingFailure) { try body(&held) } catch { failure = error }
        look(at: held, from: before)
        if let refusal = fieldsAsRecords {
            keepBack()
            throw refusal
        }
        // XML: of two kinds of elements, the first may be no list; it is cut the same however it comes.
        if format == .xml, let failure, failure.code == .noRecordsArray {
            keepBack()
            throw failure
        }
        let isFull = held.records.count > Self.recordsMax || held.arena.count > 2 * Self.bytesMax
        if hasName && !mayBeFields || isFull { release(into: &batch) }
        if let failure { throw failure }
    }

    /// The failure of a list whose first records are called as the fields of a record are, two of them at least: each
    /// field stands in a record of its own, or the columns of a table are read. Nil for any other.
    private var fieldsAsRecords: DecodingFailure? {
        guard let field = firstField, let other = otherField else { return nil }
        return DecodingFailure(
            code: .noRecordsArray, line: firstLine,
            message: """
                the records are called "\(field)" and "\(other)", as fields of a \(mapping.title.singular) are: these \
                are the columns of a table, or each field stands in a record of its own; make \
                \(format == .xml ? "a list of CSV" : "an object of each \(mapping.title.singular)") first\
                \(format == .xml ? "" : ", for example with jq")
                """)
    }

    /// Notes whether the record is called as a field is.
    private mutating func noteField(_ record: Record, in batch: RecordBatch) {
        guard record.fields.first.kind == .text, let name = batch.string(record.fields.first.slice) else {
            return mayBeFields = false
        }
        if standard.member(header: name) == .first {
            firstField = firstField ?? name
        } else if standard.isFieldBeside(name) {
            otherField = otherField ?? name
        } else {
            mayBeFields = name.lowercased() == "id"
        }
        if firstField != nil, otherField != nil { mayBeFields = false }
    }

    /// Gives the records that are held back to `batch`.
    mutating func release(into batch: inout RecordBatch) {
        guard isHolding else { return }
        isHolding = false
        root = []
        batch.append(held)
        held.removeAll(keepingCapacity: false)
    }

    /// Keeps the records that are held back to itself, whose list was refused.
    mutating func keepBack() { isHolding = false }

    /// Whether further records change nothing: one has a name, and as many were looked at as are.
    var isOver: Bool { !isHolding && hasName && seen > Self.recordsMax }

    private mutating func look(at batch: RecordBatch, from start: Int) {
        seen = batch.records.last?.ordinal ?? seen
        let isOver = batch.records.count > start && batch.records[start].ordinal > Self.recordsMax
        if hasName, isOver { return }
        for record in batch.records[start...] {
            if record.ordinal == 1 { firstLine = record.line }
            if record.fields.first.kind != .absent {
                hasName = true
                if mayBeFields { noteField(record, in: batch) }
            }
            if record.problem == nil { hasSound = true }
            if record.ordinal <= Self.recordsMax, format == .json || format == .ndjson { look(at: record, in: batch) }
        }
    }

    private mutating func look(at record: Record, in batch: RecordBatch) {
        let bytes = batch.arena.span.extracting(record.raw.start..<record.raw.end)
        guard record.fields.first.kind != .absent else {
            return survey.read(bytes)
        }
        guard nested == nil, Self.hasArray(bytes) else { return }
        var survey = JSONSurvey(mapping: mapping)
        survey.read(bytes)
        let place = survey.places.first { $0.steps.contains(.element) }
        if let place { nested = (record.ordinal, JSONSurvey.members(of: place.steps)) }
    }

    /// Whether a bracket of an array is in the bytes, as in most records none is.
    private static func hasArray(_ bytes: Span<UInt8>) -> Bool {
        for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "[") { return true }
        return false
    }

    /// What is wrong with a list in which no record has a name; nil where one has, or none could be read.
    ///
    /// - Parameters:
    ///   - members: the names that the first records have.
    ///   - xmlPath: XML: where names stand.
    ///   - hasNamedFields: XML: whether those are the names of fields.
    func failure(members: [String], xmlPath: String?, hasNamedFields: Bool) -> DecodingFailure? {
        guard format != .csv, !hasName, hasSound else { return nil }
        var message = "no record has a \"\(mapping.nameMember)\""
        if mapping.givenNames[0] != nil { message += ", which --map says is the \(mapping.roles[0].title)" }
        if let xmlPath, hasNamedFields {
            message +=
                "; the names at \(xmlPath) are those of fields, as in an export of a database; export its table as "
                + "CSV, and name that file"
        } else if let remedy = xmlPath.map({
            "names stand at \($0); read them with --records-at \(ShellWord.quoted($0))"
        })
            ?? jsonRemedy
        {
            message += "; " + remedy
        } else if Set(["columns", "data"]).isSubset(of: members) {
            message += "; pandas writes the columns apart so: write the list with orient=\"records\""
        } else {
            let shown = members.prefix(8).map { "\"\($0.prefix(60))\"" }.joined(separator: ", ")
            if !members.isEmpty { message += "; the records have \(shown)" + (members.count > 8 ? " …" : "") }
            message +=
                "; "
                + (mapping.likelyRemedy(of: 0, among: members)
                    ?? "say which is the \(mapping.roles[0].title) with --map \(mapping.roles[0].option)=NAME")
        }
        return DecodingFailure(code: .missingColumn, line: firstLine, message: message)
    }

    private var jsonRemedy: String? {
        var survey = survey
        if !root.isEmpty {
            survey = JSONSurvey(mapping: mapping)
            survey.read(root.span)
        }
        let isObject = !root.isEmpty || isOfRecords || format == .ndjson
        let format = format == .ndjson ? "--format json " : ""
        if isObject, let keyed = survey.keyed, survey.places.isEmpty || survey.isKeyedOfNamed {
            let path = keyed.isEmpty ? "" : Self.flag(JSONSurvey.members(of: keyed)) + " "
            let what =
                survey.isKeyedOfNamed
                ? "the members are \(mapping.title.plural) with names of their own"
                : "where the members' own names are the \(mapping.title.plural)"
            return "\(what), read them with "
                + "\(format)\(path)--key-as \(ShellWord.quoted(survey.keyName))"
        }
        guard let steps = survey.best else {
            return survey.table?.message(start: isObject ? "." : ".[] | .", nameMember: mapping.nameMember)
        }
        let base = root.isEmpty ? options.recordsPath ?? [] : []
        let path = base + JSONSurvey.members(of: steps)
        let place = "names stand at \(path.joined(separator: "."))"
        let lists = steps.count { $0 == .element }
        if lists == 0 { return "\(place); read them with \(Self.flag(path))" }
        if isObject, lists == 1, base.isEmpty { return "\(place); read them with \(format)\(Self.flag(path))" }
        return "\(place); take them out first, for example with jq -c "
            + "\(ShellWord.quoted(JSONSurvey.program(steps, isObject ? "." : ".[] | ."))) FILE"
    }

    private static func flag(_ path: [String]) -> String {
        let separator = path.contains { $0.contains(".") } ? "/" : "."
        return "--records-at \(ShellWord.quoted(path.joined(separator: separator)))"
    }
}

extension MemberMapping {
    /// Whether a name is that of another field than the first, or likely to be.
    fileprivate func isFieldBeside(_ name: String) -> Bool {
        let member = member(header: name)
        if member == .other { return roles.dropFirst().contains { $0.likelihood(name) == 1 } }
        return member != .first && member.isKept
    }
}
