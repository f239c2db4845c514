/// A chart of bars in SVG, with its axes and its figures as HTML around it, so that they can be read at any width.
struct BarChart {
    /// A bar: what it stands for, and the heights of its parts from below.
    struct Bar {
        var label: String
        var values: [Int]
        /// What the figures say of it beside its label and its values.
        var remark: String = ""
    }

    var title: String
    /// A sentence for those who don't see the drawing.
    var summary: String
    /// What the parts are called, and the custom property that holds their colour.
    var parts: [(name: String, color: String)]
    var bars: [Bar]
    /// What a bar's label is called in the figures, and what its remark is.
    var labelTitle: String
    var remarkTitle: String?
    /// The highest bar's value as it stands at the axis, and half of it.
    var axis: (top: String, middle: String)
    /// What stands below the first, the middle and the last bar.
    var ticks: [String]

    private var highest: Int { max(bars.map { $0.values.reduce(0, +) }.max() ?? 0, 1) }

    func append(to html: inout HTML) {
        html.element("figure") { html in
            html.element("figcaption", title)
            html.element("div", ["class": "plot"]) { html in
                html.element("div", ["class": "axis up", "aria-hidden": "true"]) { html in
                    for text in [axis.top, axis.middle, "0"] { html.element("span", text) }
                }
                appendDrawing(to: &html)
                html.element("div", ["class": "axis along", "aria-hidden": "true"]) { html in
                    for tick in ticks { html.element("span", tick) }
                }
            }
            html.element("details") { html in
                html.element("summary", "The figures")
                appendFigures(to: &html)
            }
        }
    }

    private func appendDrawing(to html: inout HTML) {
        let width = Double(bars.count) * 10
        html.element(
            "svg",
            [
                "role": "img", "aria-label": summary, "viewBox": "0 0 \(Int(width)) 100", "preserveAspectRatio": "none",
            ]
        ) { html in
            for height in [0, 50, 100] {
                html.shape(
                    "line",
                    [
                        "x1": "0", "x2": "\(Int(width))", "y1": "\(height)", "y2": "\(height)",
                        "style": "stroke:var(--line);vector-effect:non-scaling-stroke",
                    ])
            }
            for (index, bar) in bars.enumerated() {
                var top = 100.0
                for (value, part) in zip(bar.values, parts) where value > 0 {
                    let height = max(Double(value) / Double(highest) * 100, 0.6)
                    top -= height
                    html.shape(
                        "rect",
                        [
                            "x": Page.number(Double(index) * 10 + 1), "y": Page.number(max(top, 0)), "width": "8",
                            "height": Page.number(height), "style": "fill:var(--\(part.color))",
                        ])
                }
            }
        }
    }

    private func appendFigures(to html: inout HTML) {
        let columns =
            [(labelTitle, false)] + parts.map { ($0.name, true) } + (remarkTitle.map { [($0, true)] } ?? [])
        Page.table(title, columns, to: &html) { html in
            for bar in bars {
                html.element("tr") { html in
                    html.element("th", ["scope": "row"], bar.label)
                    for value in bar.values { html.element("td", ["class": "n"], PageText.count(value)) }
                    if remarkTitle != nil { html.element("td", ["class": "n"], bar.remark) }
                }
            }
        }
    }
}
