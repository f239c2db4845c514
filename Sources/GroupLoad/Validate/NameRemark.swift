/// What is noted of a record's name, which is accepted.
package struct NameRemark: Sendable, Equatable {
    /// What is noted.
    package enum Kind: Sendable, Equatable {
        /// The name had this character at an end, which can't be seen and was left out, with others or not.
        case trimmed(Unicode.Scalar)
        /// The name's near form (``NearName``) is that of the name of an earlier record, whose number this is.
        case near(recordNumber: Int64)
        /// The name is rather a program's slip.
        case suspicious(NameSuspicion)
    }

    /// The record's index in its batch.
    package var index: Int
    /// What is noted.
    package var kind: Kind
}
