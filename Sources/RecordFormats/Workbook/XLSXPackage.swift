/// Packs the rows of one worksheet, as ``RecordEncoder`` and ``TableEncoder`` write them, into a workbook of Office
/// Open XML: a ZIP archive that is written from front to back.
package final class XLSXPackage {
    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    private static let links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    private static let package = "http://schemas.openxmlformats.org/package/2006"

    private let writer = ZipWriter()

    /// Begins a workbook.
    /// - Parameter sheet: the sheet's name, which needs no escape: at most 31 characters.
    package init(sheet: String) {
        for (name, text) in Self.parts(sheet) {
            writer.begin(name)
            writer.append(Array((Self.head + text).utf8))
            writer.end()
        }
        writer.begin("xl/worksheets/sheet1.xml")
    }

    /// Packs bytes of the sheet.
    /// - Returns: what is to be written to the file.
    package func pack(_ sheet: [UInt8]) -> [UInt8] {
        writer.append(sheet)
        return take()
    }

    /// Ends the workbook.
    /// - Returns: what is to be written to the file.
    package func finish() -> [UInt8] {
        writer.end()
        writer.finish()
        return take()
    }

    private func take() -> [UInt8] {
        defer { writer.bytes.removeAll(keepingCapacity: true) }
        return writer.bytes
    }

    /// The parts before the sheet's rows.
    private static func parts(_ sheet: String) -> [(String, String)] {
        let types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        let overrides = [
            ("/xl/workbook.xml", "sheet.main"), ("/xl/worksheets/sheet1.xml", "worksheet"),
            ("/xl/styles.xml", "styles"),
        ].map { "<Override PartName=\"\($0)\" ContentType=\"\(types).\($1)+xml\"/>" }.joined()
        func relationships(_ all: [(String, String)]) -> String {
            let list = all.enumerated().map { index, link in
                "<Relationship Id=\"rId\(index + 1)\" Type=\"\(links)/\(link.0)\" Target=\"\(link.1)\"/>"
            }
            return "<Relationships xmlns=\"\(package)/relationships\">\(list.joined())</Relationships>"
        }
        return [
            (
                "[Content_Types].xml",
                "<Types xmlns=\"\(package)/content-types\"><Default Extension=\"rels\" "
                    + "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
                    + "<Default Extension=\"xml\" ContentType=\"application/xml\"/>\(overrides)</Types>"
            ),
            ("_rels/.rels", relationships([("officeDocument", "xl/workbook.xml")])),
            (
                "xl/workbook.xml",
                "<workbook xmlns=\"\(main)\" xmlns:r=\"\(links)\"><sheets><sheet name=\"\(sheet)\" sheetId=\"1\" "
                    + "r:id=\"rId1\"/></sheets></workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                relationships([("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml")])
            ),
            ("xl/styles.xml", styles),
        ]
    }

    /// A plain cell, a bold one, one whose format is that of text; and such a one with a colour.
    private static let styles =
        "<styleSheet xmlns=\"\(main)\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
        + "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
        + "<fills count=\"3\"><fill><patternFill patternType=\"none\"/></fill>"
        + "<fill><patternFill patternType=\"gray125\"/></fill><fill><patternFill patternType=\"solid\">"
        + "<fgColor rgb=\"FFFFD966\"/><bgColor indexed=\"64\"/></patternFill></fill></fills>"
        + "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        + "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
        + "<cellXfs count=\"4\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
        + "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
        + "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/>"
        + "<xf numFmtId=\"49\" fontId=\"0\" fillId=\"2\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\" "
        + "applyFill=\"1\"/></cellXfs>"
        + "<cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
}
