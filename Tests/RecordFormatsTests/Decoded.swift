import RecordFormats
import Testing

extension MemberMapping {
    /// The three roles that the tests read: a text, an integer and a flag.
    static let standard = named()

    /// The same roles under the names that the user gave.
    static func named(_ name: String? = nil, rank: String? = nil, active: String? = nil) -> MemberMapping {
        MemberMapping(
            title: RecordTitle(singular: "group", plural: "groups"),
            roles: [
                FieldRole(name: "name", content: .text, standardNames: ["name", "groupname"]),
                FieldRole(name: "rank", content: .integer, standardNames: ["rank", "grouprank"]),
                FieldRole(
                    name: "isActive", title: "activity", option: "active", content: .flag,
                    standardNames: ["active", "isactive"]),
            ], givenNames: [name, rank, active])
    }
}

extension DecodingOptions {
    /// Options with the roles that the tests read.
    static func with(
        limits: DecodingLimits = DecodingLimits(), encoding: TextEncoding? = nil, delimiter: CSVDelimiter? = nil,
        columns: [String]? = nil, skipLines: Int = 0, mapping: MemberMapping = .standard, recordsPath: [String]? = nil,
        keyName: String? = nil
    ) -> DecodingOptions {
        DecodingOptions(
            mapping: mapping, limits: limits, encoding: encoding, delimiter: delimiter, columns: columns,
            skipLines: skipLines, recordsPath: recordsPath, keyName: keyName)
    }
}

/// A record as tests compare it: texts in place of slices.
struct DecodedRecord: Equatable, CustomStringConvertible {
    var ordinal: Int64
    var line: Int64
    var raw: [UInt8]
    var name: String
    var rank: String
    var columns: [[UInt8]]
    var problem: RecordProblem?

    init(_ record: Record, in batch: RecordBatch, _ delimiter: CSVDelimiter?) {
        ordinal = record.ordinal
        line = record.line
        raw = Array(batch.arena[record.raw.start..<record.raw.end])
        name = Self.text(record.fields.first, in: batch)
        rank = Self.text(record.fields.second, in: batch)
        columns = delimiter.map { batch.columns(of: record, delimiter: $0) } ?? []
        problem = record.problem
    }

    /// `text:VIP`, `number:7`, `absent`, `null`; bytes that aren't UTF-8 as `text:?`.
    private static func text(_ field: RecordField, in batch: RecordBatch) -> String {
        switch field.kind {
        case .absent, .null: "\(field.kind)"
        default: "\(field.kind):\(batch.string(field.slice) ?? "?")"
        }
    }

    /// `name | rank @ line`, with the problem.
    var brief: String { "\(name) | \(rank) @ \(line)" + (problem.map { " ! \(Self.text($0))" } ?? "") }

    var description: String { brief }

    private static func text(_ problem: RecordProblem) -> String {
        if case .badEncoding(let encoding) = problem { return "badEncoding(\(encoding.rawValue))" }
        return "\(problem)"
    }
}

/// What a source gave.
struct Decoded: Equatable {
    var records: [DecodedRecord] = []
    var columns: [String]?
    var delimiter: CSVDelimiter?
    var tally = RowTally()
    private var recordsRead: Int64 = 0
    /// What else the stream said of the source at its end.
    private var remarks = ""
    var failure: DecodingFailure?

    var briefs: [String] { records.map(\.brief) }
    /// `code @ line # record`.
    var failureBrief: String? {
        failure.map { "\($0.code) @ \($0.line)" + ($0.recordNumber.map { " # \($0)" } ?? "") }
    }

    /// Decodes `bytes` cut into chunks of `chunkBytes`, draining the batch whenever it holds `drainAt` records.
    init(_ bytes: [UInt8], _ format: RecordFormat, chunkBytes: Int, options: DecodingOptions, drainAt: Int = 1) {
        var batch = RecordBatch()
        do throws(DecodingFailure) {
            let stream = try RecordStream(format: format, options: options)
            defer { note(stream) }
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + chunkBytes)
                try stream.push(Array(bytes[start..<end]), into: &batch)
                start = end
                if batch.records.count >= drainAt { drain(&batch, stream.delimiter) }
            }
            try stream.finish(into: &batch)
        } catch {
            failure = error
        }
        drain(&batch, delimiter)
        #expect(recordsRead == Int64(records.count))
        #expect(records.map(\.ordinal) == Array(0..<Int64(records.count)).map { $0 + 1 })
    }

    /// Nothing yet.
    init() {}

    mutating func note(_ stream: RecordStream) {
        columns = stream.columns
        recordsRead = stream.recordsRead
        delimiter = stream.delimiter
        tally = stream.tally
        remarks = String(
            describing: (
                stream.recordsMember, stream.documentsRead, stream.pageSigns, stream.nestedNames, stream.xmlKinds
            ))
    }

    mutating func drain(_ batch: inout RecordBatch, _ delimiter: CSVDelimiter?) {
        for record in batch.records { records.append(DecodedRecord(record, in: batch, delimiter)) }
        batch.removeAll()
    }

    /// Decodes at chunk sizes 1, 2, 7 and 65,536, which must all agree.
    static func everyWay(
        _ bytes: [UInt8], _ format: RecordFormat, options: DecodingOptions = .with(),
        _ location: SourceLocation = #_sourceLocation
    ) -> Decoded {
        let whole = Decoded(bytes, format, chunkBytes: 65_536, options: options)
        for chunkBytes in [1, 2, 7] {
            let cut = Decoded(bytes, format, chunkBytes: chunkBytes, options: options, drainAt: 3)
            #expect(
                cut == whole, "chunks of \(chunkBytes) of \(String(decoding: bytes, as: UTF8.self))",
                sourceLocation: location)
        }
        return whole
    }
}

/// One row of a decoder's table.
struct DecoderCase: Sendable, CustomTestStringConvertible {
    let input: [UInt8]
    let records: [String]
    let failure: String?
    var options: DecodingOptions

    init(
        _ input: String, _ records: [String], fails failure: String? = nil, limits: DecodingLimits = DecodingLimits(),
        options: DecodingOptions = .with()
    ) {
        self.init(bytes: Array(input.utf8), records, fails: failure, limits: limits, options: options)
    }

    init(
        bytes: [UInt8], _ records: [String], fails failure: String? = nil, limits: DecodingLimits = DecodingLimits(),
        options: DecodingOptions = .with()
    ) {
        input = bytes
        self.records = records
        self.failure = failure
        self.options = options
        if limits != DecodingLimits() { self.options.limits = limits }
    }

    var testDescription: String { String(decoding: input.prefix(80), as: UTF8.self).debugDescription }

    func check(_ format: RecordFormat) {
        let decoded = Decoded.everyWay(input, format, options: options)
        #expect(decoded.briefs == records)
        #expect(decoded.failureBrief == failure)
    }
}
