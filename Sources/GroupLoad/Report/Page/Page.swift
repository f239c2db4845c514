/// `report.html`: what became of a load, for the person who ordered it. One file that asks for nothing from elsewhere.
///
/// Made from the ledger alone, so that it can be written again; its size does not grow with the records.
struct Page {
    let metadata: RunMetadata
    let sources: [SourceSummary]
    let summary: Summary?
    let figures: PageFigures
    /// The causes that are shown, with what was read of their examples.
    let failures: [CauseExamples], notes: [CauseExamples]
    /// The file of the records that failed.
    let failedFile: String
    /// Causes that are shown of each kind.
    private static let causesMax = 50

    /// - Parameter figures: those of the ledger, where they are known.
    /// - Throws: what the ledger throws.
    init(_ ledger: any LedgerSnapshot, _ figures: PageFigures? = nil) throws {
        metadata = try ledger.metadata()
        sources = try ledger.sources()
        summary = try metadata.decodedSummary()
        let figures = try figures ?? PageFigures(ledger)
        self.figures = figures
        failedFile = try CorrectionTable.isMade(of: ledger) ? RecordTable.correctionName : "failed.csv"
        failures = try figures.failures.prefix(Self.causesMax).map { try CauseExamples($0, ledger) }
        notes = try figures.notes.prefix(Self.causesMax).map { try CauseExamples($0, ledger) }
    }

    /// The whole page, in UTF-8.
    func html() -> [UInt8] {
        var html = HTML()
        html.markup(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none';style-src 'unsafe-inline'">
            <meta name="referrer" content="no-referrer">
            <title>
            """)
        html.text("\(verdict) Run \(metadata.run ?? "")")
        html.markup("</title>\n<style>\n")
        html.markup(PageStyle.css)
        html.markup("\n</style>\n</head>\n<body>\n<main>\n")
        appendHeader(to: &html)
        appendAccounts(to: &html)
        appendCauses(to: &html)
        appendNames(to: &html)
        appendCharts(to: &html)
        appendPace(to: &html)
        appendRun(to: &html)
        html.markup("</main>\n<footer><p>Every figure here can be worked out again from the inputs and the ledger: ")
        html.element("code", "groupload verify")
        html.markup(", with this page’s directory behind it, does so.</p></footer>\n</body>\n</html>\n")
        return html.bytes
    }

    /// How it went, in a sentence.
    private var verdict: String {
        let counts = figures.counts
        let (read, done) = (counts.sum, counts.done)
        guard let summary else {
            return "This run has not finished: \(Shown.count(read, "record has", "records have")) ended so far."
        }
        if summary.unread == true {
            return """
                This run has not finished: it was stopped when \(Shown.count(read, "record", "records")) had been read.
                """
        }
        if read == 0 { return "There were no records." }
        if done == read {
            return read == 1 ? "The one record is done." : "All \(PageText.count(read)) records are done."
        }
        let rest = read - done
        let unsent = counts[.unprocessed]
        let attention =
            unsent == rest
            ? "\(unsent == 1 ? "1 was" : "\(PageText.count(unsent)) were") not sent."
            : "\(PageText.count(rest)) need\(rest == 1 ? "s" : "") attention."
        return
            """
            \(PageText.count(done)) of \(PageText.count(read, of: "record")) \(done == 1 ? "is" : "are") done; \
            \(attention)
            """
    }

    /// When the run was started, ISO 8601 in UTC.
    private var started: String { metadata.started ?? "" }

    /// Whether the run was refused for what it was to do.
    var isRefused: Bool { summary?.isRefused == true }

    /// What the run takes back, where it is an undo.
    var undo: RunConfiguration.Undo? { metadata.configuration?.undo }

    private func appendHeader(to html: inout HTML) {
        html.element("header") { html in
            html.element("p", ["class": "kind"]) { html in
                html.text(
                    """
                    Reward groups, \(undo.map { "undo of run \($0.run)" } ?? "loaded") by groupload · run \
                    \(metadata.run ?? "")
                    """
                )
            }
            html.element("h1", verdict)
            if let message = summary?.message {
                html.element("p", ["class": "stop"]) { html in
                    html.text("The run ended early: ")
                    html.foreign(message)
                }
            }
            html.element("dl", ["class": "facts"]) { html in
                Self.fact(undo == nil ? "Lists" : "Takes back", to: &html) { html in
                    let names = sources.prefix(3).map { $0.path == "-" ? "standard input" : $0.path }
                    html.foreign(names.joined(separator: ", "))
                    if sources.count > 3 { html.text(" and \(sources.count - 3) more") }
                }
                Self.fact(undo == nil ? "Loaded into" : "At", to: &html) { $0.foreign(metadata.target) }
                Self.fact("As", to: &html) { $0.foreign(metadata.keyID) }
                Self.fact("Started", to: &html) { $0.text(PageText.instant(started)) }
                if let finished = summary?.finished, let took = PageText.duration(from: started, to: finished) {
                    Self.fact("Took", to: &html) { $0.text(took) }
                }
            }
        }
    }

    /// Appends a term and what is said of it.
    static func fact(_ term: String, to html: inout HTML, _ content: (inout HTML) -> Void) {
        html.element("div") { html in
            html.element("dt", term)
            html.element("dd", [:], content)
        }
    }

    /// Appends a section with its heading.
    static func section(
        _ heading: String, id: String, isLong: Bool = false, to html: inout HTML, _ content: (inout HTML) -> Void
    ) {
        html.markup("\n")
        html.element("section", ["aria-labelledby": id, "class": isLong ? "long" : "short"]) { html in
            html.element("h2", ["id": id], heading)
            content(&html)
        }
    }

    /// Appends a table that scrolls by itself where it is too wide.
    static func table(
        _ caption: String, _ columns: [(title: String, isNumber: Bool)], stacks: Bool = false, to html: inout HTML,
        _ rows: (inout HTML) -> Void
    ) {
        html.element("div", ["class": "scroll", "role": "region", "aria-label": caption, "tabindex": "0"]) { html in
            html.element("table", ["class": stacks ? "stack" : "plain"]) { html in
                html.element("caption", caption)
                html.element("thead") { html in
                    html.element("tr") { html in
                        for column in columns {
                            html.element("th", ["scope": "col", "class": column.isNumber ? "n" : "t"], column.title)
                        }
                    }
                }
                html.element("tbody", [:], rows)
            }
        }
    }
}
