import GRDB

/// Inserts rows of a table, many with each run of a statement: what a run costs by itself is shared by them.
///
/// Where a row can't be inserted, those before it stay until the transaction is rolled back (OR FAIL): SQLite would
/// else copy pages aside for each run that inserts several. One owner, as ``LedgerStatement``.
struct LedgerRows: ~Copyable {
    /// Rows of a statement.
    private static let rowsMax = 16

    private let many: LedgerStatement
    private let one: LedgerStatement
    private let width: Int32

    /// Prepares the statements.
    ///
    /// - Parameters:
    ///   - table: its name, and the columns in parentheses where not all have a value.
    ///   - width: how many columns those are.
    /// - Throws: `DatabaseError`, as ``insert(_:_:)``.
    init(_ database: Database, into table: String, width: Int) throws {
        let row = "(\(repeatElement("?", count: width).joined(separator: ", ")))"
        let rows = repeatElement(row, count: Self.rowsMax).joined(separator: ", ")
        let many = try LedgerStatement(database, "INSERT OR FAIL INTO \(table) VALUES \(rows)")
        let one = try LedgerStatement(database, "INSERT OR FAIL INTO \(table) VALUES \(row)")
        self.many = many
        self.one = one
        self.width = Int32(width)
    }

    /// Inserts `count` rows.
    ///
    /// - Parameter bind: binds all values of the row of a number, from 0, to a statement's parameters: the first column
    ///   to the one behind the last argument. What isn't copied stays until this returns.
    func insert(_ count: Int, _ bind: (Int, borrowing LedgerStatement, Int32) throws -> Void) throws {
        var next = 0
        while count - next >= Self.rowsMax {
            for row in 0..<Self.rowsMax { try bind(next + row, many, Int32(row) * width) }
            try many.run()
            next += Self.rowsMax
        }
        while next < count {
            try bind(next, one, 0)
            try one.run()
            next += 1
        }
    }
}
