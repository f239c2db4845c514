/// What is done about columns of a list that aren't used.
package enum ColumnPolicy: Sendable {
    /// Nothing: somebody has been told already.
    case untold
    /// A person is told.
    case told
    /// As ``told``; and a list is refused that has a column which looks as if it should be used (`--strict-columns`).
    case strict
}
