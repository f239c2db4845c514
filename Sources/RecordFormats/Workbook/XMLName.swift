/// The local names of elements and attributes that mean something in a workbook, named as they are written; all others
/// are ``other``. One name may mean several things: `c` is a cell, and in OpenDocument a count of blanks.
enum XMLName: String, CaseIterable {
    /// Any other name.
    case other = ""
    // Relationships and the book (ECMA-376-1, 18.2; ECMA-376-2, 6.5.3).
    case relationship = "Relationship", idUpper = "Id", target = "Target", type = "Type", targetMode = "TargetMode"
    case workbook, sheet, name, state, id, workbookPr, date1904, calcPr, fullCalcOnLoad
    // Strings and styles (ECMA-376-1, 18.4, 18.8).
    case si, t, rPh, space, numFmts, numFmt, numFmtId, formatCode, cellXfs, xf
    // Sheets (ECMA-376-1, 18.3).
    case sheetData, row, c, v, f, inline = "is", r, s, hidden, mergeCell, ref, autoFilter, filterColumn, col, min, max
    // OpenDocument 1.3, part 3, sections 9, 16 and 19.
    case tableColumn = "table-column"
    case table, tableRow = "table-row", tableCell = "table-cell", coveredCell = "covered-table-cell"
    case columnsRepeated = "number-columns-repeated", rowsRepeated = "number-rows-repeated", visibility, display
    case columnsSpanned = "number-columns-spanned", rowsSpanned = "number-rows-spanned"
    case valueType = "value-type", value, dateValue = "date-value", timeValue = "time-value"
    case booleanValue = "boolean-value", stringValue = "string-value", formula, styleName = "style-name"
    case p, tab, lineBreak = "line-break", annotation, style, tableProperties = "table-properties"
    case rubyText = "ruby-text", encryptionData = "encryption-data"
    // Excel 2003 XML (urn:schemas-microsoft-com:office:spreadsheet).
    case worksheet = "Worksheet", tableUpper = "Table", rowUpper = "Row", columnUpper = "Column"
    case cellUpper = "Cell", data = "Data", nameUpper = "Name", index = "Index", styleID = "StyleID"
    case styleUpper = "Style", idCapitals = "ID", numberFormat = "NumberFormat", format = "Format"
    case mergeAcross = "MergeAcross", mergeDown = "MergeDown", hiddenUpper = "Hidden", visible = "Visible"
    case formulaUpper = "Formula", phoneticText = "PhoneticText", comment = "Comment"
    case span = "Span"

    /// The names by what is written.
    static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })
}
