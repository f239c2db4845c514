import RecordFormats

/// A workbook of Office Open XML made by hand, part by part.
struct TestWorkbook {
    /// A sheet: its name, its state, and what stands in its part between the tags of the root.
    struct Sheet {
        var name: String
        var state = "visible"
        var body: String
    }

    var sheets: [Sheet]
    /// The items of the shared strings, as XML.
    var strings: [String] = []
    /// What stands in the styles part; nil for a usual one with the formats of ``styles(_:)``.
    var styles = Self.styles([])
    var bookProperties = ""
    var isStrict = false
    /// Parts in place of the usual ones, or beside them.
    var parts: [String: String] = [:]

    /// A workbook of one sheet with these rows.
    init(rows: String, after: String = "") {
        sheets = [Sheet(name: "Groups", body: "<sheetData>\(rows)</sheetData>\(after)")]
    }

    init(sheets: [Sheet]) { self.sheets = sheets }

    /// A styles part whose cell formats, from 1 on, have these codes; 0 is plain.
    static func styles(_ codes: [String]) -> String {
        let formats = codes.enumerated().map { "<numFmt numFmtId=\"\($0 + 170)\" formatCode=\"\($1)\"/>" }.joined()
        let cells = codes.indices.map { "<xf numFmtId=\"\($0 + 170)\"><alignment/></xf>" }.joined()
        return "<styleSheet><numFmts>\(formats)</numFmts><cellStyleXfs><xf numFmtId=\"9\"/></cellStyleXfs>"
            + "<cellXfs><xf numFmtId=\"0\"/>\(cells)</cellXfs></styleSheet>"
    }

    /// The parts by their names.
    var all: [(String, String)] {
        let relationships =
            isStrict
            ? "http://purl.oclc.org/ooxml/officeDocument/relationships"
            : "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        let main = isStrict ? "http://purl.oclc.org/ooxml/spreadsheetml/main" : "urn:main"
        func links(_ all: [(String, String, String)]) -> String {
            "<Relationships>"
                + all.map { "<Relationship Id=\"\($0)\" Type=\"\(relationships)/\($1)\" Target=\"\($2)\"/>" }.joined()
                + "</Relationships>"
        }
        let list = sheets.enumerated().map {
            "<x:sheet name=\"\($1.name)\" sheetId=\"\($0 + 7)\" state=\"\($1.state)\" r:id=\"rId\($0 + 1)\"/>"
        }.joined()
        var made: [(String, String)] = [
            ("[Content_Types].xml", "<Types/>"),
            ("_rels/.rels", links([("rId1", "officeDocument", "xl/workbook.xml")])),
            (
                "xl/workbook.xml",
                "<x:workbook xmlns:x=\"\(main)\" xmlns:r=\"\(relationships)\">\(bookProperties)"
                    + "<x:sheets>\(list)</x:sheets></x:workbook>"
            ),
            (
                "xl/_rels/workbook.xml.rels",
                links(
                    sheets.indices.map { ("rId\($0 + 1)", "worksheet", "worksheets/sheet\($0 + 1).xml") } + [
                        ("rId90", "sharedStrings", "/xl/sharedStrings.xml"), ("rId91", "styles", "styles.xml"),
                    ])
            ),
            ("xl/sharedStrings.xml", "<sst count=\"9999999\">\(strings.map { "<si>\($0)</si>" }.joined())</sst>"),
            ("xl/styles.xml", styles),
        ]
        for (index, sheet) in sheets.enumerated() {
            made.append(
                ("xl/worksheets/sheet\(index + 1).xml", "<worksheet xmlns=\"\(main)\">\(sheet.body)</worksheet>"))
        }
        let usual = made.map { ($0.0, parts[$0.0] ?? $0.1) }
        return usual + parts.filter { part in !made.contains { $0.0 == part.key } }.map { ($0.key, $0.value) }
    }

    /// The archive.
    var bytes: [UInt8] { Self.archive(all) }

    /// An archive of these entries.
    static func archive(_ entries: [(String, String)]) -> [UInt8] {
        let writer = ZipWriter()
        for (name, text) in entries {
            writer.begin(name)
            writer.append(Array(text.utf8))
            writer.end()
        }
        writer.finish()
        return writer.bytes
    }

    /// A row of cells with these texts, inline; from column A.
    static func row(_ number: Int, _ texts: [String], _ attributes: String = "") -> String {
        let cells = texts.enumerated().map { index, text in
            text.isEmpty ? "" : "<c r=\"\(letter(index))\(number)\" t=\"inlineStr\"><is><t>\(text)</t></is></c>"
        }
        return "<row r=\"\(number)\" \(attributes)>\(cells.joined())</row>"
    }

    private static func letter(_ index: Int) -> String { String(UnicodeScalar(UInt8(0x41 + index))) }
}

/// What a workbook gave.
struct DecodedWorkbook {
    var records: [DecodedRecord] = []
    var columns: [String]?
    var found = WorkbookAccount()
    var failure: DecodingFailure?

    var briefs: [String] { records.map(\.brief) }
    /// The records' own bytes.
    var raws: [String] { records.map { String(decoding: $0.raw, as: UTF8.self) } }
    /// `code @ line # record`.
    var failureBrief: String? {
        failure.map { "\($0.code) @ \($0.line)" + ($0.recordNumber.map { " # \($0)" } ?? "") }
    }

    init(_ bytes: [UInt8], _ form: WorkbookForm = .xlsx, options: DecodingOptions = .with()) {
        var batch = RecordBatch()
        do throws(DecodingFailure) {
            let decoder = try WorkbookDecoder(RandomAccessBytes(bytes), form: form, options: options)
            defer {
                columns = decoder.columns
                found = decoder.found
            }
            while try decoder.read(into: &batch) {}
        } catch {
            failure = error
        }
        records = batch.records.map { DecodedRecord($0, in: batch, .comma) }
    }
}

extension DecodingOptions {
    /// Options that name a sheet.
    static func sheet(_ sheet: String, skipsHidden: Bool = false) -> DecodingOptions {
        var options = DecodingOptions.with()
        options.sheet = sheet
        options.skipsHidden = skipsHidden
        return options
    }
}
