package import RecordFormats

/// `groupload convert`: reads group lists in any format and writes their names, ranks and activities in another,
/// without validating them.
package struct Converter: Sendable {
    private let reader: SourceReader
    private let path: String
    private let format: RecordFormat
    private let isSpreadsheetSafe: Bool
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - path: where to write, or `-` for standard output.
    ///   - columnPolicy: what is done about columns that aren't used.
    ///   - note: receives messages: what was found in a source, and what is wrong with records that can't be written.
    package init(
        sources: [InputSource], options: DecodingOptions, to path: String, format: RecordFormat,
        isSpreadsheetSafe: Bool, columnPolicy: ColumnPolicy = .noted, progress: RunProgress, stop: StopSwitch,
        note: @escaping @Sendable (String) -> Void
    ) {
        reader = SourceReader(
            sources: sources, options: options, checking: nil, columnPolicy: columnPolicy, progress: progress,
            stop: stop, note: note)
        self.path = path
        self.format = format
        self.isSpreadsheetSafe = isSpreadsheetSafe
        self.note = note
    }

    /// Converts everything. The output is there whole or not at all, standard output excepted.
    ///
    /// - Throws: ``RunError``: an input can't be opened or is damaged, would be overwritten, or the output can't be
    ///   written.
    package func run() async throws -> ConversionSummary {
        if let source = reader.sources.first(where: { $0.isSameFile(as: path) }) {
            throw RunError(
                .usage, "\(path) is the input \(source.path) itself", naming: .path(path),
                remedy: "name another file")
        }
        let file = try ListFile(path == "-" ? nil : path, format: format)
        let channel = BatchChannel()
        async let reading = reader.run(into: channel)
        var encoder = RecordEncoder(format: format, mapping: .groups, isSpreadsheetSafe: isSpreadsheetSafe)
        var faults = CappedNotices(note: note)
        let names = reader.sources.map(\.shownName)
        var summary = ConversionSummary()
        var isBegun = false
        while let item = await channel.next() {
            if !isBegun {
                encoder.begin(hasFlags: item.columns?.contains { member($0) == .active } ?? saysActive(item.batch))
                isBegun = true
            }
            for record in item.batch.records {
                do throws(RecordEncoder.Fault) {
                    try encoder.append(record, in: item.batch)
                    summary.written += 1
                } catch {
                    faults.add(
                        "\(names[item.source]):\(record.line): record \(record.ordinal): left out: \(error.message)")
                }
            }
            summary.read += item.batch.records.count
            try file.append(&encoder.bytes)
            let read = summary.read
            reader.progress.update { $0.read = read }
            channel.recycle(item)
        }
        let outcome = await reading
        summary.rows = outcome.rows
        faults.tellRest("that were left out")
        if let damage = outcome.damage { throw damage }
        if let reason = reader.stop.reason {
            throw RunError(reason.code, "stopped; \(path) was not written", naming: .path(path))
        }
        if !isBegun { encoder.begin(hasFlags: false) }
        encoder.end()
        try file.append(&encoder.bytes)
        try file.finish()
        return summary
    }

    private func member(_ column: String) -> RecordMember { reader.options.mapping.member(header: column) }

    /// Whether any record says whether its group is active.
    private func saysActive(_ batch: RecordBatch) -> Bool {
        batch.records.contains { $0.active.slice.count > 0 }
    }
}

/// The counts of a conversion, as `--json` prints them.
package struct ConversionSummary: Sendable, Equatable {
    /// Records read, and those of them that could be written.
    package var read = 0, written = 0
    /// What of the lists was no record, or one in an unusual form.
    package var rows = ListRows()
}
