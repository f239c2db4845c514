import Foundation
import TestSupport
import Testing

/// Workbooks as files: written, corrected as a person does, and looked into, all by Python.
enum WorkbookFile {
    /// Writes a workbook of sheets, each of which is a name, whether it is hidden, and rows of texts.
    static func write(_ sheets: [(String, Bool, [[String]])], to path: String) async throws {
        let program = """
            import json, sys, zipfile
            sheets = json.loads(sys.argv[2])
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
                R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                def rels(items):
                    links = (f'<Relationship Id="{i}" Type="{R}/{t}" Target="{p}"/>' for i, t, p in items)
                    return "<Relationships>" + "".join(links) + "</Relationships>"
                z.writestr("[Content_Types].xml", "<Types/>")
                z.writestr("_rels/.rels", rels([("a", "officeDocument", "xl/workbook.xml")]))
                z.writestr("xl/_rels/workbook.xml.rels", rels(
                    [(f"r{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(len(sheets))]))
                z.writestr("xl/workbook.xml", f'<workbook xmlns:r="{R}"><sheets>' + "".join(
                    f'<sheet name="{s[0]}" sheetId="{n + 1}" r:id="r{n}" state="{"hidden" if s[1] else "visible"}"/>'
                    for n, s in enumerate(sheets)) + "</sheets></workbook>")
                for n, sheet in enumerate(sheets):
                    z.writestr(f"xl/worksheets/sheet{n}.xml", "<worksheet><sheetData>" + "".join(
                        "<row" + (' hidden="1"' if row[:1] == ["(hidden)"] else "") + ">" + "".join(
                            f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in row if text != "(hidden)")
                        + "</row>" for row in sheet[2]) + "</sheetData></worksheet>")
            """
        let text = try JSONSerialization.data(withJSONObject: sheets.map { [$0.0, $0.1, $0.2] as [Any] })
        let made = try await Command.python(program, [path, String(decoding: text, as: UTF8.self)]).run()
        #expect(made.status == 0, "\(made.errorText)")
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
