import Foundation

extension Page {
    /// The counts of the requests, and what was learned of the target's allowance.
    func appendPace(to html: inout HTML) {
        guard let summary else { return }
        Self.section("Requests and pace", id: "pace", to: &html) { html in
            html.element("p", paceText(summary))
            html.element("dl", ["class": "pair"]) { html in
                let latency = summary.latency_ms
                let figures = [
                    ("Requests", PageText.count(summary.requests)),
                    ("Retries", PageText.count(summary.retries)),
                    ("Responses of 429, over the allowance", PageText.count(summary.throttled)),
                    ("Requests a minute while sending", PageText.count(Int(summary.rate_per_minute.rounded()))),
                    ("Response time, half of all within", PageText.duration(milliseconds: latency.p50)),
                    ("95% within", PageText.duration(milliseconds: latency.p95)),
                    ("99% within", PageText.duration(milliseconds: latency.p99)),
                    ("Longest", PageText.duration(milliseconds: latency.max)),
                ]
                for (term, value) in figures { Self.fact(term, to: &html) { $0.text(value) } }
                if let trace = summary.trace_id { Self.fact("Trace", to: &html) { $0.foreign(trace) } }
            }
        }
    }

    private func paceText(_ summary: Summary) -> String {
        if let rate = summary.rate_learned {
            return
                """
                The target was found to allow about \(PageText.count(rate)) requests a minute, of which 98% \
                were spent 
                """
                    + "evenly from then on. Give --rate \(rate)/min next time, and it need not be found out again."
        }
        if summary.requests == 0 { return "Nothing was sent." }
        return summary.throttled == 0
            ? "No response said that the allowance was spent, so there was no pace to learn."
            : "Some responses asked to wait, but none said what the allowance is."
    }

    /// What was read, the settings of the run, and the files that it wrote.
    func appendRun(to html: inout HTML) {
        Self.section("What was read and written", id: "run", isLong: true, to: &html) { html in
            html.element("div", ["class": "grow"]) { html in
                appendInputs(to: &html)
                appendCommand(to: &html)
                appendFiles(to: &html)
            }
        }
    }

    private func appendInputs(to html: inout HTML) {
        let columns = [("List", false), ("Format", false), ("Records", true), ("Bytes", true), ("SHA-256", false)]
        Self.table("Lists that were read", columns, to: &html) { html in
            for (number, source) in sources.enumerated() {
                html.element("tr") { html in
                    html.element("th", ["scope": "row"]) {
                        $0.foreign(source.path == "-" ? "standard input" : source.path)
                    }
                    html.element("td", source.format)
                    html.element("td", ["class": "n"], PageText.count(figures.recordsBySource[Int64(number)] ?? 0))
                    html.element("td", ["class": "n"], PageText.count(Int(source.bytes)))
                    html.element("td", ["class": "hash"], source.sha256.isEmpty ? "read only in part" : source.sha256)
                }
            }
        }
    }

    private func appendCommand(to html: inout HTML) {
        guard let command = metadata.configuration?.command else { return }
        html.element("p", "The command, without what may be secret:")
        html.element("p") { html in
            html.element("code") { $0.text(command.map(Self.quoted).joined(separator: " ")) }
        }
    }

    /// An argument as a shell takes it.
    private static func quoted(_ argument: String) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:,%@+")
        return !argument.isEmpty && argument.allSatisfy(plain.contains)
            ? argument : "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    private func appendFiles(to html: inout HTML) {
        guard let files = summary?.files, !files.isEmpty else { return }
        Self.table("Files beside this page", [("File", false), ("SHA-256", false)], to: &html) { html in
            for (name, digest) in files.sorted(by: { $0.key < $1.key }) where name != Report.pageName {
                html.element("tr") { html in
                    html.element("th", ["scope": "row"]) { $0.element("a", ["href": name], name) }
                    html.element("td", ["class": "hash"], digest)
                }
            }
        }
    }
}
