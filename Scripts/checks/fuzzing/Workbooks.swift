// What libFuzzer calls for workbooks: one input, decoded as the form that its first byte chooses. Compiled into one
// module with the decoders by Scripts/checks/fuzz-workbooks.
//
// A package is damaged by libFuzzer so soon that its parts would hardly be reached; so the input is a part of one,
// which is put into a sound package, unless the first byte says that it is the package itself.

/// A package around a part.
private func package(_ part: String, _ text: [UInt8]) -> [UInt8] {
    let rows = "<row><c t='s'><v>0</v></c></row><row><c s='1'><v>1</v></c></row>"
    let root = "<r><Relationship Id='a' Target='xl/workbook.xml' Type='"
    let type = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    var parts: [(String, [UInt8])] = [
        ("_rels/.rels", Array("\(root)\(type)officeDocument'/></r>".utf8)),
        ("xl/workbook.xml", Array("<workbook xmlns:r='r'><sheets><sheet name='S' r:id='b'/></sheets></workbook>".utf8)),
        (
            "xl/_rels/workbook.xml.rels",
            Array(
                """
                <r><Relationship Id='b' Type='\(type)worksheet' Target='s.xml'/><Relationship Id='c' \
                Type='\(type)sharedStrings' Target='t.xml'/><Relationship Id='d' Type='\(type)styles' \
                Target='y.xml'/></r>
                """.utf8)
        ),
        ("xl/s.xml", Array("<worksheet><sheetData>\(rows)</sheetData></worksheet>".utf8)),
        ("xl/t.xml", Array("<sst><si><t>name</t></si></sst>".utf8)),
        ("xl/y.xml", Array("<styleSheet><cellXfs><xf/><xf numFmtId='14'/></cellXfs></styleSheet>".utf8)),
    ]
    if let place = parts.firstIndex(where: { $0.0 == part }) { parts[place].1 = text }
    let writer = ZipWriter()
    for (name, bytes) in parts {
        writer.begin(name)
        writer.append(bytes)
        writer.end()
    }
    writer.finish()
    return writer.bytes
}

/// Reads a workbook: no crash, no hang, and each slice inside the arena.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWorkbook(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard unsafe count > 2 else { return 0 }
    let input = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    let rest = Array(input[2...])
    let (form, bytes): (WorkbookForm, [UInt8]) =
        switch input[0] & 7 {
        case 0: (.flatODS, rest)
        case 1: (.excelXML, rest)
        case 2: (.xlsx, rest)
        case 3: (.xlsx, package("xl/t.xml", rest))
        case 4: (.xlsx, package("xl/y.xml", rest))
        case 5: (.xlsx, package("xl/workbook.xml", rest))
        case 6: (.ods, rest)
        default: (.xlsx, package("xl/s.xml", rest))
        }
    var options = DecodingOptions(mapping: .groups)
    if input[1] & 1 != 0 { options.sheet = "1" }
    if input[1] & 2 != 0 { options.columns = ["name", "rank"] }
    if input[1] & 4 != 0 { options.skipsHidden = true }
    if input[1] & 8 != 0 { options.limits = DecodingLimits(recordBytesMax: 16) }
    var batch = RecordBatch()
    do throws(DecodingFailure) {
        let decoder = try WorkbookDecoder(RandomAccessBytes(bytes), form: form, options: options)
        var isLeft = true
        var ordinal: Int64 = 0
        while isLeft {
            isLeft = try decoder.read(into: &batch)
            for record in batch.records {
                ordinal += 1
                precondition(record.ordinal == ordinal && record.line > 0)
                _ = batch.arena[record.raw.start..<record.raw.end]
                for role in 0..<3 {
                    let slice = record.fields[role].slice
                    _ = batch.arena[slice.start..<slice.end]
                }
                // The record's own bytes are its columns, and a field more where a cell made it invalid.
                let cells = batch.columns(of: record, delimiter: .comma).count
                precondition(cells == (decoder.columns ?? []).count + (record.problem == nil ? 0 : 1))
            }
            batch.removeAll()
        }
    } catch {}
    return 0
}
