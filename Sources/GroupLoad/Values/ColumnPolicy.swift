/// What is done about columns of a list that aren't used.
package enum ColumnPolicy: Sendable {
    /// Nothing: it was noted before.
    case silent
    /// It is noted.
    case noted
    /// As ``noted``; and a list is refused that has a column which looks as if it should be used, or a name that is
    /// suspicious or nearly another's (`--strict`).
    case strict
}
