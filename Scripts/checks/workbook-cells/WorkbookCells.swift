// Prints the cells of all sheets of workbooks, for Scripts/checks/workbooks: one JSON array a line, of the file, the
// sheet, the row, the column, the kind and the text; a failure as an object. Compiled into one module with the decoders
// by Scripts/lib/swiftc-decoders.
//
//   workbook-cells [--count | --records] FORM FILE...    --count: only how many cells there are; --records: the records
import Foundation

private func quoted(_ text: String) -> String {
    var bytes: [UInt8] = []
    JSONEncoding.append(text.utf8.span, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

private func source(_ path: String) -> RandomAccessBytes {
    let descriptor = open(path, O_RDONLY)
    precondition(descriptor >= 0, "can't open \(path)")
    return RandomAccessBytes(count: Int64(lseek(descriptor, 0, SEEK_END))) { offset, count in
        [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
            read = max(0, pread(descriptor, buffer.baseAddress, count, off_t(offset)))
        }
    }
}

private func printCells(_ path: String, _ form: WorkbookForm, countsOnly: Bool) throws(DecodingFailure) {
    let book = try form.open(source(path))
    var count = 0
    for (index, sheet) in book.sheets.enumerated() {
        var rows = try book.rows(index)
        var row = SheetRow()
        while try rows.next(&row) {
            count += row.cells.count
            if countsOnly { continue }
            for cell in row.cells {
                let place = "\(quoted(path)),\(quoted(sheet.name)),\(row.number),\(cell.column),\(row.count)"
                print("[\(place),\(quoted("\(cell.kind)")),\(quoted(row.string(cell)))]")
            }
        }
    }
    if countsOnly { print(count) }
}

private func printRecords(_ path: String, _ form: WorkbookForm) throws(DecodingFailure) {
    let decoder = try WorkbookDecoder(source(path), form: form, options: DecodingOptions(mapping: .groups))
    var batch = RecordBatch()
    var isLeft = true
    while isLeft {
        isLeft = try decoder.read(into: &batch)
        for record in batch.records {
            print(record.line, batch.string(record.raw) ?? "?", record.problem.map { "\($0)" } ?? "")
        }
        batch.removeAll()
    }
    print(decoder.found)
}

/// The program.
@main enum WorkbookCells {
    static func main() {
        var arguments = Array(CommandLine.arguments.dropFirst())
        let countsOnly = arguments.first == "--count", printsRecords = arguments.first == "--records"
        if countsOnly || printsRecords { arguments.removeFirst() }
        guard arguments.count >= 2, let form = WorkbookForm(rawValue: arguments.removeFirst()) else {
            fatalError("workbook-cells [--count | --records] FORM FILE...")
        }
        for path in arguments {
            do throws(DecodingFailure) {
                if printsRecords {
                    try printRecords(path, form)
                } else {
                    try printCells(path, form, countsOnly: countsOnly)
                }
            } catch {
                let (file, code, message) = (quoted(path), quoted(error.code.rawValue), quoted(error.message))
                print("{\"file\":\(file),\"failure\":\(code),\"message\":\(message)}")
            }
        }
    }
}
