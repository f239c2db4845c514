/// The number formats of an Office Open XML workbook's cells, by the index of the cell's style (ECMA-376-1, 18.8).
struct CellStyles {
    private static let stylesMax = 100_000
    private var formats: [NumberFormat] = []

    /// No styles: all numbers are plain.
    init() {}

    /// Reads the styles part.
    init(_ part: XMLPart) throws(DecodingFailure) {
        var codes: [Int: NumberFormat] = [:]
        var page = XMLPage()
        var isInCellFormats = false
        var element = XMLName.other
        var (id, formatID, code) = (0, 0, NumberFormat.plain)
        while try part.read(into: &page) {
            for event in page.events {
                switch (event.kind, event.name) {
                case (.start, .cellXfs): isInCellFormats = true
                case (.end, .cellXfs): isInCellFormats = false
                case (.start, .xf): (element, formatID) = (.xf, 0)
                case (.start, let name): (element, id, code) = (name, 0, .plain)
                case (.attribute, .numFmtId) where element == .xf: formatID = page.number(event.slice) ?? 0
                case (.attribute, .numFmtId): id = page.number(event.slice) ?? 0
                case (.attribute, .formatCode): code = NumberFormat(code: page.string(event.slice))
                case (.end, .numFmt): codes[id] = code
                case (.end, .xf) where isInCellFormats:
                    formats.append(codes[formatID] ?? NumberFormat.builtIn(formatID) ?? .plain)
                default: break
                }
            }
            guard formats.count <= Self.stylesMax, codes.count <= Self.stylesMax else {
                throw DecodingFailure(
                    code: .limitExceeded,
                    message: "the workbook has more than \(Self.stylesMax) cell formats; save the list as CSV")
            }
        }
    }

    /// The format of a style by its index.
    subscript(style: Int) -> NumberFormat { style < formats.count ? formats[style] : .plain }
}
