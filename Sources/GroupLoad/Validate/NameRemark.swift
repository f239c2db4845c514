/// What is noted of a record for its name.
package struct NameRemark: Sendable, Equatable {
    /// What is noted.
    package enum Kind: Sendable, Equatable {
        /// The name had this character at an end, which can't be seen and was left out, with others or not.
        case trimmed(Unicode.Scalar)
        /// The name's near form (``NearName``) is that of the name of an earlier record, whose number this is.
        case near(recordNumber: Int64)
        /// The name is rather a program's slip.
        case suspicious(NameSuspicion)
        /// The record is a draft, and these earlier ones of its name are invalid, so that it counts in their place.
        case substitute(for: [Int64])
        /// The record is invalid, and the earlier one of this number has its name and counts in its place.
        case replaced(by: Int64, CheckedRecord.GroupValues)
        /// The record is a duplicate that says something else than the first of its name.
        case differs(from: Int64, CheckedRecord.GroupValues)
        /// The record is invalid because its bytes aren't UTF-8, in which it was read.
        case notUTF8
    }

    /// The record's index in its batch.
    package var index: Int
    /// What is noted.
    package var kind: Kind
}

extension NameRemark {
    /// What is noted of an invalid record in whose place another one of its name is loaded, and what to do about it.
    static func replacement(_ other: Int64, _ values: CheckedRecord.GroupValues) -> String {
        """
        record \(other) has the same name and is loaded in its place with \(values); take this line out, or correct it \
        and import it with --on-existing update where it should count
        """
    }
}
