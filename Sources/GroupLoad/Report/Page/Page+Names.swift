extension Page {
    /// The first records whose names are noted, of each kind, and how many there are.
    func appendNames(to html: inout HTML) {
        let noted = metadata.notedNames ?? NotedNames()
        let counts = (metadata.suspicious ?? noted.suspicious.count, metadata.nearDuplicates ?? noted.near.count)
        let all = [noted.suspicious, noted.near, noted.substitutes, noted.differing]
        guard all.contains(where: { !$0.isEmpty }) else { return }
        Self.section("Names to look at", id: "names", isLong: true, to: &html) { html in
            html.element(
                "p",
                """
                Names, or what the list says of them, look like a mistake here. What isn't meant has to be corrected \
                at the target, too.
                """)
            append(noted.suspicious, of: counts.0, "suspicious", to: &html)
            append(noted.near, of: counts.1, "nearly an earlier one", to: &html)
            append(
                noted.substitutes, of: noted.substituteCount, "of an invalid record and of one that is loaded",
                to: &html)
            append(
                noted.differing, of: noted.differingCount, "given again with another rank or activity", to: &html)
        }
    }

    private func append(_ entries: [NotedNames.Entry], of count: Int, _ kind: String, to html: inout HTML) {
        guard !entries.isEmpty else { return }
        let first = count > entries.count ? ", the first \(PageText.count(entries.count)) of them" : ""
        Self.table(
            "\(PageText.count(count, of: "name")) \(count == 1 ? "is" : "are") \(kind)\(first)",
            [("Record", true), ("Line", false), ("Name", false), ("What", false)], stacks: true, to: &html
        ) { html in
            for entry in entries {
                html.element("tr") { html in
                    html.element("td", ["class": "n"], "\(entry.record)")
                    html.element("td") { html in
                        html.foreign("\(entry.path == "-" ? "standard input" : entry.path):\(entry.line)")
                    }
                    html.element("td") { $0.foreign(entry.name) }
                    html.element("td") { $0.foreign(entry.remark) }
                }
            }
        }
    }
}
