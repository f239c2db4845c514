/// Writes a workbook of records that a person corrects: the cells at fault have a colour, and hold an error where their
/// text alone might pass, so that a record stays invalid until somebody has corrected it. All have the format of text.
/// Its owner empties ``bytes`` in between.
package final class CorrectionBook {
    /// A cell of a record.
    package struct Cell: Sendable, Equatable {
        /// Its text, in UTF-8.
        package var text: [UInt8]
        /// Whether it is at fault.
        package var isMarked = false
        /// What it is, where that makes the record invalid whatever the text.
        package var fault: CellFault?

        /// A cell with a text.
        package init(_ text: [UInt8]) { self.text = text }
    }

    /// A column.
    package struct Column: Sendable, Equatable {
        /// What stands in the header.
        package var title: String
        /// Whether integers in it are numbers.
        package var isNumber: Bool
        /// Its width, in characters.
        package var width: Int

        /// Makes a column.
        package init(_ title: String, isNumber: Bool = false, width: Int) {
            self.title = title
            self.isNumber = isNumber
            self.width = width
        }
    }

    /// The most records that it can hold.
    package static let recordsMax = Int(SheetBounds.rowsMax) - 1
    /// Bytes of the sheet that are packed at once.
    private static let packedBytes = 1 << 16

    /// The bytes of the file since they were last emptied.
    package var bytes: [UInt8] = []
    private let columns: [Column]
    private let file = XLSXPackage(sheet: "Failed")
    private var sheet = XLSXSheetEncoder()
    private var pending: [UInt8] = []

    /// Begins the workbook with its header.
    package init(_ columns: [Column]) {
        self.columns = columns
        sheet.begin(columns.map { ($0.title, !$0.isNumber) }, widths: columns.map(\.width), to: &pending)
    }

    /// Whether a cell can hold the whole of a text.
    package static func canHold(_ text: [UInt8]) -> Bool { XLSXSheetEncoder.cut(text).count == text.count }

    /// Appends a record. Precondition: there aren't more than ``recordsMax``.
    /// - Parameter cells: as many as there are columns; of a text that is too long the beginning is written.
    package func append(_ cells: [Cell]) {
        sheet.beginRow(to: &pending)
        for (cell, column) in zip(cells, columns) { append(cell, column) }
        sheet.endRow(to: &pending)
        if pending.count >= Self.packedBytes { pack() }
    }

    /// Ends the workbook.
    package func finish() {
        sheet.end(to: &pending)
        pack()
        bytes += file.finish()
    }

    private func append(_ cell: Cell, _ column: Column) {
        switch cell.fault {
        // A date too: as one it would keep its format, and make a date of what is typed in its place.
        case .date, .error: sheet.appendError(cell.text, to: &pending)
        case .bareFormula: sheet.appendBareFormula(to: &pending)
        case nil:
            if column.isNumber, !cell.isMarked, cell.text.count <= 15, NumberText.isPlainInteger(cell.text[...]) {
                return sheet.appendNumber(cell.text.span, to: &pending)
            }
            let style = cell.isMarked ? XLSXSheetEncoder.markedTextStyle : XLSXSheetEncoder.textStyle
            if cell.isMarked, cell.text.isEmpty { return sheet.appendEmpty(style: style, to: &pending) }
            _ = sheet.appendText(XLSXSheetEncoder.cut(cell.text).span, style: style, to: &pending)
        }
    }

    private func pack() {
        bytes += file.pack(pending)
        pending.removeAll(keepingCapacity: true)
    }
}
