package import RecordFormats
package import RewardsClient

/// `groupload export`: the target's groups, page after page, into one list.
package struct Export: Sendable {
    private let reader: PageReader
    private let query: ListQuery
    private let active: Bool?
    private let concurrency: Int
    private let fields: [GroupField]
    private let format: RecordFormat
    private let path: String?
    private let note: @Sendable (String) -> Void

    /// - Parameters:
    ///   - query: which groups, in which order; its page and size are not heeded.
    ///   - active: only groups that are (true) or aren't (false) in use. The target is asked for all, for one that
    ///     changes sides while the pages are read would move others from page to page unnoticed.
    ///   - concurrency: pages read at once.
    ///   - path: the file to write, compressed by its suffix; nil for standard output.
    ///   - note: receives a message for each group that the format can't hold.
    package init(
        _ reader: PageReader, query: ListQuery, active: Bool?, concurrency: Int, fields: [GroupField],
        format: RecordFormat,
        to path: String?, note: @escaping @Sendable (String) -> Void
    ) {
        self.reader = reader
        self.query = query
        self.active = active
        self.concurrency = concurrency
        self.fields = fields
        self.format = format
        self.path = path
        self.note = note
    }

    /// Exports everything. The file is there whole or not at all, standard output excepted.
    ///
    /// - Throws: ``RunError``: the list can't be read, or the output can't be written.
    package func run() async throws -> ExportSummary {
        let file = try ListFile(path, format: format)
        var encoder = TableEncoder(format: format, title: MemberMapping.groups.title, columns: fields.map(\.rawValue))
        var summary = ExportSummary()
        var list = TargetList(reader, concurrency: concurrency, query: query)
        let progress = reader.requests.progress
        var remarks = CappedNotices(note: note)
        encoder.begin()
        let ending = try await list.read { groups in
            for group in groups where active == nil || group.isActive == active {
                summary.selected += 1
                if encoder.append(fields.map { $0.value(of: group) }) {
                    summary.written += 1
                    if let remark = remark(on: group.name) { remarks.add("group \(group.id): \(remark)") }
                } else {
                    remarks.add(
                        """
                        group \(group.id): left out: \(omission); \
                        export another format
                        """
                    )
                }
            }
            summary.read += groups.count
            progress.update { $0.read += groups.count }
            try file.append(&encoder.bytes)
        }
        encoder.end()
        try file.append(&encoder.bytes)
        try file.finish()
        remarks.tellRest("like these")
        if case .changing(_, let total) = ending { summary.total = total }
        let counts = progress.snapshot
        (summary.requests, summary.retries, summary.throttled) = (counts.requests, counts.retries, counts.throttled)
        return summary
    }
}

extension Export {
    /// Why a group can't be written.
    private var omission: String {
        format == .xlsx
            ? "the sheet has no room for it (1048575 groups, 32767 characters a name)"
            : "its name holds a character that XML can't express"
    }

    /// What an import would not take as it stands of a name; nil for nearly all.
    private func remark(on name: String) -> String? {
        var name = name
        return name.withUTF8 { text in
            let bytes = UnsafeRawBufferPointer(text)
            let whole = ByteSlice(start: 0, count: bytes.count)
            // Safe: the bytes are the text's, for as long as the closure runs, and `whole` is all of them.
            if unsafe TextScan.scan(whole, in: bytes).hasControl {
                return "its name holds a line break or another control character, which an import refuses"
            }
            return unsafe TextScan.trimmed(whole, in: bytes) == whole
                ? nil : "its name has blanks or characters that can't be seen around it, which an import leaves out"
        }
    }
}

/// The counts of an export, as `--json` prints them.
package struct ExportSummary: SummaryDocument, Sendable, Equatable {
    /// Groups read, those of them that were asked for, and those of these that could be written.
    package var read = 0, selected = 0, written = 0
    /// How many groups the target says it has, where its list changed faster than it could be read; nil where all were
    /// read.
    package var total: Int64?
    /// Requests sent, retries, and responses that said 429.
    package var requests = 0, retries = 0, throttled = 0
    /// The target's URL.
    package var target = ""
    /// Seconds that it took.
    package var seconds = 0.0
    /// The status to exit with.
    package var exit: Int32 = 0
}
