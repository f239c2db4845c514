/// A cause with what was read of its example records.
struct CauseExamples {
    struct Example {
        var recordNumber: Int64
        var source: Int64
        var line: Int64
        var name: String
        var message: String
    }

    var cause: Cause
    var examples: [Example] = []

    /// - Throws: what the ledger throws.
    init(_ cause: Cause, _ ledger: any LedgerSnapshot) throws {
        self.cause = cause
        for (recordNumber, message) in cause.examples {
            guard let place = try ledger.place(of: recordNumber) else { continue }
            let name = ResultsColumns.shown(Array(place.name.prefix(1000)))
            examples.append(
                Example(
                    recordNumber: recordNumber, source: place.source, line: place.line,
                    name: String(decoding: name, as: UTF8.self), message: message))
        }
    }
}

extension Page {
    /// What did not end well and what is noted, by cause.
    func appendCauses(to html: inout HTML) {
        if !failures.isEmpty {
            Self.section("What needs attention", id: "attention", isLong: true, to: &html) { html in
                append(failures, of: figures.failures, to: &html)
            }
        }
        if !notes.isEmpty {
            Self.section("Noted on records that are done", id: "notes", isLong: true, to: &html) { html in
                append(notes, of: figures.notes, to: &html)
            }
        }
    }

    private func append(_ shown: [CauseExamples], of all: [Cause], to html: inout HTML) {
        for item in shown { append(item, to: &html) }
        let rest = all.dropFirst(shown.count)
        guard !rest.isEmpty else { return }
        let records = rest.reduce(0) { $0 + $1.count }
        html.element("p", ["class": "soft"]) { html in
            html.text(
                """
                And \(PageText.count(rest.count, of: "other cause")) with \
                \(PageText.count(records, of: "record")), see 
                """
            )
            html.element("a", ["href": "results.csv"], "results.csv")
            html.text(".")
        }
    }

    private func append(_ item: CauseExamples, to html: inout HTML) {
        let cause = item.cause
        html.element("article", ["class": "cause"]) { html in
            html.element("p", ["class": "count"]) { html in
                html.element(
                    "span", ["class": "swatch", "style": "background:var(--\(cause.outcome.rawValue))"], "")
                html.text("\(PageText.count(cause.count, of: "record")) \(cause.outcome.rawValue)")
                if let http = cause.http { html.text(" · HTTP \(http)") }
                if let code = cause.code { html.text(" · code \(code)") }
            }
            html.element("h3") { html in
                if cause.message.isEmpty { html.text("no message") } else { html.foreign(cause.message) }
            }
            html.element(
                "p", ["class": "todo"],
                cause.advice(isUndo: undo != nil, failed: failedFile, isRefused: isRefused))
            let isSame = item.examples.allSatisfy { $0.message == cause.message }
            let columns =
                [("Record", true), ("Stands in", false), ("Name", false)] + (isSame ? [] : [("Message", false)])
            Self.table(
                cause.count <= item.examples.count ? "All of them" : "The first \(item.examples.count) of them",
                columns,
                to: &html
            ) { html in
                for example in item.examples {
                    html.element("tr") { html in
                        html.element("td", ["class": "n"], PageText.count(Int(example.recordNumber)))
                        html.element("td") { html in
                            html.foreign("\(path(of: example.source)):\(example.line)")
                        }
                        html.element("td") { $0.foreign(example.name) }
                        if !isSame { html.element("td") { $0.foreign(example.message) } }
                    }
                }
            }
        }
    }

    private func path(of source: Int64) -> String {
        guard sources.indices.contains(Int(source)) else { return "" }
        let path = sources[Int(source)].path
        return path == "-" ? "standard input" : path
    }
}
