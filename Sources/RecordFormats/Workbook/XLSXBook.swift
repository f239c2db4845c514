/// A workbook of Office Open XML (ECMA-376-1, 18.2), in its transitional or strict form.
struct XLSXBook: WorkbookBook {
    private static let sheetsMax = 10_000

    private(set) var sheets: [WorkbookSheet] = []
    private(set) var hasUncalculatedFormulas = false
    private var is1904 = false
    private let archive: ZipArchive
    private let shared = Shared()
    private let stringsPath: String?, stylesPath: String?

    /// The texts and formats, which are read once, with the first sheet.
    private final class Shared {
        var strings: SharedStrings?
        var styles: CellStyles?
    }

    /// Reads the list of sheets; nil where the archive is no such workbook.
    /// - Throws: `unsupportedWorkbook` for the binary form, and what the parts can fail by.
    init?(_ archive: ZipArchive) throws(DecodingFailure) {
        let path = try PackageRelationships(of: "", in: archive).first("officeDocument")?.path ?? "xl/workbook.xml"
        guard let entry = archive.entry(path) else {
            guard archive.entries.contains(where: { $0.name.hasPrefix("xl/") }) else { return nil }
            throw ZipArchive.damaged("the workbook's list of sheets is missing")
        }
        if path.lowercased().hasSuffix(".bin") {
            throw DecodingFailure(
                code: .unsupportedWorkbook,
                message: "this is a binary workbook (.xlsb), which can't be read; save it as .xlsx")
        }
        self.archive = archive
        let relationships = try PackageRelationships(of: entry.name, in: archive)
        stringsPath = relationships.first("sharedStrings")?.path
        stylesPath = relationships.first("styles")?.path
        guard try readBook(XMLPart(entry, of: archive, bytesMax: ZipLimits.listBytesMax), relationships) else {
            return nil
        }
    }

    /// - Returns: whether it is a workbook, and no other document of an office program.
    private mutating func readBook(
        _ part: XMLPart, _ relationships: PackageRelationships
    ) throws(DecodingFailure) -> Bool {
        var page = XMLPage()
        var element = XMLName.other
        var (name, id, isHidden, hasRoot) = ("", "", false, false)
        while try part.read(into: &page) {
            for event in page.events {
                switch (event.kind, event.name) {
                case (.start, let started):
                    if !hasRoot, started != .workbook { return false }
                    hasRoot = true
                    element = started
                    if started == .sheet { (name, id, isHidden) = ("", "", false) }
                case (.attribute, .name) where element == .sheet: name = page.name(event.slice)
                case (.attribute, .id) where element == .sheet && event.hasPrefix: id = page.string(event.slice)
                case (.attribute, .state) where element == .sheet:
                    isHidden = !page.isEqual(event.slice, "visible")
                case (.attribute, .date1904): is1904 = page.isTrue(event.slice)
                case (.attribute, .fullCalcOnLoad): hasUncalculatedFormulas = page.isTrue(event.slice)
                case (.end, .sheet):
                    // Charts and dialogs are sheets without rows.
                    guard let found = relationships.all.first(where: { $0.id == id && $0.type == "worksheet" }) else {
                        continue
                    }
                    guard !sheets.contains(where: { $0.path == found.path }) else {
                        throw ZipArchive.damaged("two of its sheets are one part")
                    }
                    sheets.append(WorkbookSheet(name: name, isHidden: isHidden, path: found.path))
                default: break
                }
            }
            guard sheets.count <= Self.sheetsMax else {
                throw DecodingFailure(
                    code: .limitExceeded, message: "the workbook has more than \(Self.sheetsMax) sheets")
            }
        }
        return hasRoot
    }

    func rows(_ index: Int) throws(DecodingFailure) -> any SheetRows {
        let sheet = sheets[index]
        guard let entry = archive.entry(sheet.path) else {
            throw ZipArchive.damaged("the part \(sheet.path) of the sheet \(sheet.name) is missing")
        }
        if shared.strings == nil {
            shared.strings =
                try stringsPath.flatMap(archive.entry).map { entry throws(DecodingFailure) in
                    try SharedStrings(XMLPart(entry, of: archive, border: SharedStrings.border))
                } ?? SharedStrings()
            shared.styles =
                try stylesPath.flatMap(archive.entry).map { entry throws(DecodingFailure) in
                    try CellStyles(XMLPart(entry, of: archive, bytesMax: ZipLimits.listBytesMax))
                } ?? CellStyles()
        }
        return XLSXSheetRows(
            try XMLPart(entry, of: archive, border: XLSXSheetRows.border), strings: shared.strings ?? SharedStrings(),
            styles: shared.styles ?? CellStyles(), is1904: is1904,
            mergedCells: { [archive] in XLSXMergedCells(entry, of: archive) })
    }
}
