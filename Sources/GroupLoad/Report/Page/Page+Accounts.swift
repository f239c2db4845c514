extension Page {
    /// The outcomes: that they add up, how they share, what each means and what to do.
    func appendAccounts(to html: inout HTML) {
        Self.section("Every record, accounted for", id: "accounts", to: &html) { html in
            appendSum(to: &html)
            appendRows(to: &html)
            appendStrip(to: &html)
            appendOutcomes(to: &html)
        }
    }

    /// `10 read = 8 created + 2 invalid`, and whether that is so.
    private func appendSum(to html: inout HTML) {
        let counts = figures.counts
        html.element("p", ["class": "sum"]) { html in
            html.element("b", "\(PageText.count(summary?.read ?? counts.sum)) read")
            var sign = "="
            for outcome in Outcome.allCases where counts[outcome] > 0 {
                html.markup(" ")
                html.element("span", ["class": "op"], sign)
                html.markup(" ")
                html.element("b", "\(PageText.count(counts[outcome])) \(outcome.rawValue)")
                sign = "+"
            }
            html.markup(" ")
            if let summary {
                let holds = summary.read == counts.sum
                html.element(
                    "span", ["class": holds ? "holds" : "broken"],
                    holds ? "✓ it adds up" : "✗ it does not add up: \(PageText.count(counts.sum)) have an outcome")
            }
        }
    }

    /// What of the lists was no record, with the first places, and what was accepted in an unusual form.
    private func appendRows(to html: inout HTML) {
        guard let rows = metadata.rows else { return }
        if rows.skipped.total > 0 {
            html.element("p") { html in
                html.text(
                    "Passed over, because they are no records: \(rows.skipped.skippedParts.joined(separator: ", "))")
                let places = rows.skipped.places.prefix(10)
                html.foreign(" (\(places.map { "\($0.shownPath):\($0.line)" }.joined(separator: ", "))")
                html.text(places.count < rows.skipped.total ? " …)." : ").")
            }
        }
        if rows.tolerated.total > 0 {
            html.element("p", "Accepted: \(rows.tolerated.toleratedParts.joined(separator: "; ")).")
        }
    }

    /// The shares as one bar.
    private func appendStrip(to html: inout HTML) {
        let counts = figures.counts
        guard counts.sum > 0 else { return }
        let label = Outcome.allCases.filter { counts[$0] > 0 }
            .map { "\($0.rawValue) \(PageText.share(counts[$0], of: counts.sum))" }.joined(separator: ", ")
        html.element(
            "svg",
            [
                "class": "strip", "role": "img", "aria-label": "Shares of all records: \(label)",
                "viewBox": "0 0 1000 10",
                "preserveAspectRatio": "none",
            ]
        ) { html in
            // Each outcome that there is gets a width that can be seen.
            let shown = Outcome.allCases.filter { counts[$0] > 0 }
            let widths = shown.map { max(Double(counts[$0]) / Double(counts.sum) * 1000, 4) }
            let scale = 1000 / widths.reduce(0, +)
            var place = 0.0
            for (outcome, width) in zip(shown, widths) {
                let gap = place + width * scale < 999 ? 1.5 : 0
                html.shape(
                    "rect",
                    [
                        "x": Self.number(place), "y": "0", "width": Self.number(max(width * scale - gap, 1)),
                        "height": "10",
                        "style": "fill:var(--\(outcome.rawValue))",
                    ])
                place += width * scale
            }
        }
    }

    private func appendOutcomes(to html: inout HTML) {
        let counts = figures.counts
        Self.table(
            "Outcomes of the records",
            [
                ("Outcome", false), ("Records", true), ("Share", true), ("Meaning", false), ("What to do", false),
            ], stacks: true, to: &html
        ) { html in
            for outcome in Outcome.allCases {
                html.element("tr", ["class": counts[outcome] > 0 ? "some" : "none"]) { html in
                    html.element("th", ["scope": "row"]) { html in
                        html.element(
                            "span", ["class": "swatch", "style": "background:var(--\(outcome.rawValue))"], "")
                        html.text(outcome.rawValue)
                    }
                    html.element("td", ["class": "n"], PageText.count(counts[outcome]))
                    html.element("td", ["class": "n"], PageText.share(counts[outcome], of: counts.sum))
                    html.element("td", ["class": "wide"], outcome.meaning(isUndo: undo != nil))
                    html.element("td", ["class": "wide"]) { html in
                        guard counts[outcome] > 0,
                            let step = outcome.nextStep(isUndo: undo != nil, failed: failedFile, isRefused: isRefused)
                        else { return }
                        html.text(step.before)
                        if !step.file.isEmpty { html.element("a", ["href": step.file], step.file) }
                        html.text(step.after)
                    }
                }
            }
        }
    }

    /// A coordinate of a drawing, with two decimals.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100)" + (rest == 0 ? "" : rest < 10 ? ".0\(rest)" : ".\(rest)")
    }
}
