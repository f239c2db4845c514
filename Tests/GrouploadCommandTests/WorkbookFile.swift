import Foundation
import TestSupport
import Testing

/// Workbooks as files. What the program wrote is corrected and looked into by Python, whose archives and XML share
/// nothing with it.
enum WorkbookFile {
    /// Writes a workbook of sheets, each of which is a name, whether it is hidden, and rows of texts.
    static func write(_ sheets: [(String, Bool, [[String]])], to path: String) throws {
        let relationships = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        func links(_ items: [(id: String, type: String, part: String)]) -> String {
            let links = items.map {
                "<Relationship Id=\"\($0.id)\" Type=\"\(relationships)/\($0.type)\" Target=\"\($0.part)\"/>"
            }
            return "<Relationships>\(links.joined())</Relationships>"
        }
        let names = sheets.enumerated().map { number, sheet in
            "<sheet name=\"\(sheet.0)\" sheetId=\"\(number + 1)\" r:id=\"r\(number)\" "
                + "state=\"\(sheet.1 ? "hidden" : "visible")\"/>"
        }
        var parts = [
            RawArchive.Entry("[Content_Types].xml", "<Types/>"),
            RawArchive.Entry("_rels/.rels", links([("a", "officeDocument", "xl/workbook.xml")])),
            RawArchive.Entry(
                "xl/_rels/workbook.xml.rels",
                links(sheets.indices.map { ("r\($0)", "worksheet", "worksheets/sheet\($0).xml") })),
            RawArchive.Entry(
                "xl/workbook.xml",
                "<workbook xmlns:r=\"\(relationships)\"><sheets>\(names.joined())</sheets></workbook>"),
        ]
        for (number, sheet) in sheets.enumerated() {
            let rows = sheet.2.map { row in
                let cells = row.filter { $0 != "(hidden)" }
                    .map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }
                return "<row\(row.first == "(hidden)" ? " hidden=\"1\"" : "")>\(cells.joined())</row>"
            }
            parts.append(
                RawArchive.Entry(
                    "xl/worksheets/sheet\(number).xml",
                    "<worksheet><sheetData>\(rows.joined())</sheetData></worksheet>"))
        }
        try Data(RawArchive.bytes(parts)).write(to: URL(fileURLWithPath: path))
    }

    /// Writes texts into cells of a workbook's first sheet, as a person does.
    static func edit(_ path: String, _ cells: [String: String]) async throws {
        let program = """
            import json, re, sys, zipfile
            path, cells = sys.argv[1], json.loads(sys.argv[2])
            with zipfile.ZipFile(path) as z:
                parts = {name: z.read(name) for name in z.namelist()}
            sheet = parts["xl/worksheets/sheet1.xml"].decode()
            for place, text in cells.items():
                new = f'<c r="{place}" s="3" t="inlineStr"><is><t>{text}</t></is></c>'
                sheet, count = re.subn(f'<c r="{place}"[^>]*?(/>|>.*?</c>)', new, sheet)
                assert count == 1, (place, count)
            parts["xl/worksheets/sheet1.xml"] = sheet.encode()
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
                for name, data in parts.items():
                    z.writestr(name, data)
            """
        let text = String(decoding: try JSONSerialization.data(withJSONObject: cells), as: UTF8.self)
        let edited = try await Command.python(program, [path, text]).run()
        #expect(edited.status == 0, "\(edited.errorText)")
    }

    /// The cells of a workbook's first sheet: for each row, for each cell its style and its text.
    static func cells(_ path: String) async throws -> [[String: String]] {
        let program = """
            import json, re, sys, xml.etree.ElementTree as E, zipfile
            N = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
            root = E.fromstring(zipfile.ZipFile(sys.argv[1]).read("xl/worksheets/sheet1.xml"))
            rows = [[(c.get("s", "0"), "".join(c.itertext())) for c in row] for row in root.iter(N + "row")]
            titles = [text for _, text in rows[0]]
            places = [{c.get("r").rstrip("0123456789"): n for n, c in enumerate(row)} for row in root.iter(N + "row")]
            print(json.dumps([{titles[places[0][k]]: ("*" if row[n][0] in "34" else "") + row[n][1]
                for k, n in place.items()} for row, place in list(zip(rows, places))[1:]]))
            """
        let read = try await Command.python(program, [path]).run()
        #expect(read.status == 0, "\(read.errorText)")
        return try #require(try JSONSerialization.jsonObject(with: read.output) as? [[String: String]])
    }
}
