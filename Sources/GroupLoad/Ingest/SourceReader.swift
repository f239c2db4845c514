import RecordFormats

/// Reads sources one after the other, and hands their records over in batches.
struct SourceReader: Sendable {
    /// The result of reading.
    struct Result: Sendable {
        var sources: [SourceSummary] = []
        /// Which columns of each source are used, by its path as given.
        var columns: [String: ColumnUse] = [:]
        /// What of the sources was no record, or one in an unusual form.
        var rows = ListRows()
        /// What the sources say of being pages of longer lists.
        var pages = PageTally()
        /// Why reading ended early: a source can't be opened or is damaged, with place and remedy.
        var damage: RunError?
    }

    var sources: [InputSource]
    var options: DecodingOptions
    /// By which rules records are checked here while whoever looks for duplicates is busy; nil for not at all.
    var checking: RecordChecker.Rules?
    /// What is done about columns that aren't used.
    var columnPolicy = ColumnPolicy.silent
    /// Whether a source is refused whose first records have no rank at all.
    var needsRank = false
    /// Whether the SHA-256 of each source is worked out.
    var isHashing = true
    var progress: RunProgress
    var stop: StopSwitch
    /// Where copies of the sources are kept; nil for nowhere.
    var copies: InputCopies?
    /// How a large source is decoded in parts, several at once; nil for not at all.
    var parts: PartReading?
    /// Receives a message for each thing found in a source that its reader might not expect.
    var note: @Sendable (String) -> Void

    /// Reads all sources into `channel`, which is finished then, whatever happens.
    ///
    func run(into channel: BatchChannel) async -> Result {
        defer { channel.finish() }
        var result = Result()
        let bytes = sources.map(\.bytes)
        if !bytes.contains(nil) {
            progress.update { $0.bytesTotal = bytes.reduce(0) { $0 + ($1 ?? 0) } }
        }
        for (number, source) in sources.enumerated() where stop.reason == nil && result.damage == nil {
            await read(source, number, into: channel, &result)
        }
        for list in result.pages.partial { note("\(list.text); \(PartialList.remedy)") }
        return result
    }

    /// Reads one source, and adds what is known of it, and what is wrong with it, to `result`.
    private func read(_ source: InputSource, _ number: Int, into channel: BatchChannel, _ result: inout Result) async {
        var bytes: SourceBytes
        let copy: InputCopy?
        do throws(RunError) {
            let begun = copies?.begin(number)
            bytes = try SourceBytes(
                source, isHashed: isHashing, progress: progress, stop: stop, tap: begun.map { $0.append })
            copy = begun
        } catch {
            result.damage = error
            return
        }
        var summary = SourceSummary(path: source.given, format: source.format?.rawValue ?? "", bytes: 0, sha256: "")
        do {
            try await decode(source, number, &bytes, into: channel, &summary, &result)
        } catch let failure as DecodingFailure {
            result.damage = RunError(failure, in: source.name)
        } catch let failure as RunError {
            result.damage = failure
        } catch {
            result.damage = RunError(.internal, "\(error)", at: .path(source.name))
        }
        let ended = copy?.end(isWhole: bytes.hasEnded)
        if result.damage != nil { await bytes.skipToEnd() }
        summary.bytes = bytes.bytesRead
        summary.sha256 = bytes.hasEnded ? bytes.digest?.hexadecimal() ?? "" : ""
        if let reason = ended?.reason {
            note("\(source.shownName): no copy of it is kept in the run: \(reason)")
        }
        if let ended { copies?.add(ended) }
        result.sources.append(summary)
    }

    /// Decodes the bytes of one source, and hands over its records, also those before damage.
    private func decode(
        _ source: InputSource, _ number: Int, _ bytes: inout SourceBytes, into channel: BatchChannel,
        _ summary: inout SourceSummary, _ result: inout Result
    ) async throws {
        var chunk = try await bytes.first()
        guard let stream = try await self.stream(of: source, &bytes, head: chunk, &summary) else { return }
        var sender = BatchSender(
            channel: channel, source: number, digest: bytes.digest, checker: checking.map { RecordChecker($0) })
        let hint = FormatHint(source, head: chunk)
        let look = ColumnLook(source: source, options: options, policy: columnPolicy, needsRank: needsRank, note: note)
        var end = LastLine()
        defer {
            summary.columns = stream.columns.map(options.mapping.standardColumns)
            if ["csv", "ndjson"].contains(summary.format) { summary.endsInLine = end.isOpen(in: stream.encodingName) }
            result.rows.add(stream.tally, of: source.given)
        }
        do {
            var isLeft = !chunk.isEmpty
            while isLeft {
                if stream.isWorkbook {
                    let isOpening = stream.recordsRead == 0 && stream.columns == nil
                    isLeft = try stream.readRows(into: &sender.batch)
                    if isOpening, let found = stream.workbookAccount {
                        note("\(source.shownName): \(WorkbookRemarks.opening(found))")
                    }
                } else {
                    end.push(chunk)
                    try stream.push(chunk, into: &sender.batch)
                }
                if sender.isFull || bytes.isIdle {
                    try look.look(at: stream, sender.batch, &result.columns)
                    await sender.flush(stream, progress, isUrgent: bytes.isPipe)
                }
                if stop.reason != nil || Task.isCancelled { break }
                if stream.isWorkbook { continue }
                if let parts, !bytes.isPipe, sender.batch.isEmpty, let border = stream.partBorder {
                    var reader = PartReader(parts, cutAt: border, checking, progress: progress, stop: stop)
                    try await reader.read(&bytes, by: stream, into: &sender) { end.push($0) }
                    break
                }
                chunk = try await bytes.next()
                isLeft = !chunk.isEmpty
            }
            if stop.reason == nil { try stream.finish(into: &sender.batch) }
            try look.look(at: stream, sender.batch, &result.columns)
        } catch let error as RunError where error.code == .unusedColumns {
            // Nothing of the list is handed over, so that nothing of it is sent.
            throw error
        } catch {
            stream.release(into: &sender.batch)
            await sender.finish(stream, progress)
            remark(on: source, stream, isWhole: false)
            guard let failure = error as? DecodingFailure, let hint, stream.recordsRead == 0 else { throw error }
            throw hint.added(to: failure)
        }
        await sender.finish(stream, progress)
        remark(on: source, stream, isWhole: true)
        if stop.reason == nil { result.pages.add(stream, of: source.given) }
        // A line that is no JSON is a record by itself, which is invalid.
        if let hint, stream.format == .ndjson { note("\(source.shownName): \(hint.text)") }
    }

    /// What decodes a source by its first bytes; nil where a stop was asked for.
    private func stream(
        of source: InputSource, _ bytes: inout SourceBytes, head: [UInt8], _ summary: inout SourceSummary
    ) async throws -> RecordStream? {
        let kind = FileKind(firstBytes: head, encoding: options.encoding)
        try refuse(kind, source)
        if let form = workbookForm(kind, source) {
            summary.format = form.rawValue
            guard let workbook = try await open(form, source, &bytes, head: head) else { return nil }
            return try RecordStream(workbook, options: options)
        }
        if source.format == .xlsx {
            throw RunError(
                .notAList, "this is no workbook", at: .path(source.name), remedy: "leave --format out, or correct it")
        }
        var format = source.format ?? RecordFormat.of(path: Compression.strip(source.path), firstBytes: head)
        // Objects one behind the other are each one of keyed records.
        if options.keyName != nil, source.format == nil, format == .ndjson { format = .json }
        summary.format = format.rawValue
        var options = options
        if RecordFormat.isOfTabs(path: Compression.strip(source.path)) { options.loneDelimiter = .tab }
        return try RecordStream(format: format, options: options)
    }

    /// Refuses a file of a kind that holds no list, or none that can be read.
    private func refuse(_ kind: FileKind, _ source: InputSource) throws(RunError) {
        guard let remedy = kind.remedy else { return }
        throw RunError(.notAList, "this is \(kind.title)", at: .path(source.name), remedy: remedy)
    }

    /// Notes what was found out of a source beyond the usual.
    private func remark(on source: InputSource, _ stream: RecordStream, isWhole: Bool) {
        if let account = stream.workbookAccount {
            guard isWhole, stop.reason == nil else { return }
            let remarks = WorkbookRemarks.lines(account, records: stream.recordsRead)
            return remarks.forEach { note("\(source.shownName): \($0)") }
        }
        var parts: [String] = []
        if isWhole, stream.recordsRead == 0, stop.reason == nil { parts.append("it holds no records") }
        if let encoding = stream.encodingName, encoding != (options.encoding ?? .utf8).rawValue {
            parts.append("it is in \(encoding)")
        }
        if stream.documentsRead > 1 {
            parts.append("it holds \(Shown.count(stream.documentsRead, "document")), one behind the other")
        }
        if let member = stream.recordsMember, options.recordsPath == nil {
            parts.append("its records are taken from \"\(member)\"")
        }
        if let delimiter = stream.delimiter, delimiter != options.delimiter ?? .comma {
            parts.append("its fields are separated by \(delimiter.description)")
        }
        if !parts.isEmpty { note("\(source.shownName): \(parts.joined(separator: ", "))") }
        if isWhole, let (recordNumber, path) = stream.nestedNames {
            let place = path.joined(separator: stream.format == .xml ? "/" : ".")
            var text = "record \(recordNumber) holds more objects with names at \(place), which are not read"
            if stream.isOfRecords, stream.recordsRead == 1 {
                text += "; --records-at \(ShellWord.quoted(place)) reads them in its place"
            }
            note("\(source.shownName): \(text)")
        }
        if isWhole, let kinds = stream.xmlKinds {
            let others = kinds.nameless.map { "\"\(Shown.text($0, limit: 60))\"" }.joined(separator: ", ")
            let (root, named) = (Shown.text(kinds.root, limit: 60), Shown.text(kinds.named, limit: 60))
            note(
                """
                \(source.shownName): all elements of "\(root)" are read as records, and "\(named)" have names, but \
                \(others) have none; say which are meant with --records-at \(ShellWord.quoted("\(root)/NAME"))
                """)
        }
        for remark in rowRemarks(stream) { note("\(source.shownName): \(remark)") }
    }

    /// What to say of rows whose form isn't that of the header, a line each.
    private func rowRemarks(_ stream: RecordStream) -> [String] {
        let tally = stream.tally
        var remarks: [String] = []
        for kind in ToleratedRow.allCases where tally.tolerated.count(kind) > 0 {
            let count = tally.tolerated.count(kind)
            remarks.append(
                "\(Shown.number(count)) \(kind.title(count))\(Self.place(count, tally.tolerated.lines(kind)))")
        }
        let header = stream.delimiter?.description ?? ""
        for other in tally.otherDelimiters.kinds.sorted(by: { $0.rawValue < $1.rawValue })
        where other != stream.delimiter {
            let count = tally.otherDelimiters.count(other)
            remarks.append(
                """
                \(Shown.count(count, "record seems", "records seem")) to be separated by \(other.description), but \
                the header by \(header)\(Self.place(count, tally.otherDelimiters.lines(other))); separate both alike, \
                or read the records by --delimiter \(other.name) --no-header --columns NAMES, with --skip-lines for \
                the header
                """)
        }
        if let other = stream.rowDelimiter {
            remarks.append(
                """
                its rows look as if they were separated by \(other.description), but its header has one column, so \
                that each row is read as one name; if it is not, correct the header, or say --delimiter \(other.name) \
                --no-header --columns NAMES, with --skip-lines for the header
                """)
        }
        return remarks
    }

    private static func place(_ count: Int, _ lines: [Int64]) -> String {
        lines.first.map { " (\(count == 1 ? "" : "first: ")line \($0))" } ?? ""
    }
}

/// The last bytes of a source.
private struct LastLine {
    private var last: UInt8 = 0x0a
    private var beforeLast: UInt8 = 0x0a

    mutating func push(_ chunk: [UInt8]) {
        guard let byte = chunk.last else { return }
        (beforeLast, last) = (chunk.count > 1 ? chunk[chunk.count - 2] : last, byte)
    }

    /// Whether the text ends without a line end; an end-of-file mark of DOS behind it doesn't count.
    func isOpen(in encoding: String?) -> Bool {
        if encoding == TextEncoding.utf16LittleEndian.rawValue { return last != 0 || !Self.ends(beforeLast) }
        return !Self.ends(last) && !(last == 0x1a && Self.ends(beforeLast))
    }

    private static func ends(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d }
}

extension RunError {
    /// A failure of a decoder, with its place: `groups.csv:1042: record 1040: …`.
    init(_ failure: DecodingFailure, in source: String) {
        let code: Code =
            switch failure.code {
            case .recordTooLong: .recordTooLong
            case .sheetNotChosen, .noSuchSheet: .usage
            case .unsupportedWorkbook: .notAList
            default: .damagedInput
            }
        self.init(
            code, failure.message,
            at: Place(path: source, line: failure.line > 0 ? failure.line : nil, recordNumber: failure.recordNumber))
    }
}
