/// How a record stands in the ledger before anything is sent.
package enum RecordedStanding: Sendable, Equatable, CustomStringConvertible {
    /// It is sent under this name, in UTF-8, with this rank.
    case draft([UInt8], Int32?)
    case duplicate(of: Int64)
    case invalid

    /// The standing for a person.
    package var description: String {
        switch self {
        case .draft(let name, let rank):
            """
            the draft \"\(String(decoding: name.prefix(80), as: UTF8.self))\" of rank \
            \(rank.map(String.init) ?? "none")
            """
        case .duplicate(let first): "a duplicate of record \(first)"
        case .invalid: "an invalid record"
        }
    }
}
