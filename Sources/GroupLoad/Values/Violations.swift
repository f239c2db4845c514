/// What is wrong with a record; all of it at once.
package struct Violations: OptionSet, Sendable {
    /// A bit for each kind of violation.
    package let rawValue: UInt16

    /// The violations whose bits are set.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The format says so: not JSON, bad UTF-8, a ragged row.
    package static let malformed = Violations(rawValue: 1 << 0)
    /// The record has no name, or one that is empty after trimming.
    package static let nameMissing = Violations(rawValue: 1 << 1)
    /// The name is a JSON value that is no string.
    package static let nameNotText = Violations(rawValue: 1 << 2)
    /// Two columns or members of the record are its name.
    package static let nameGivenTwice = Violations(rawValue: 1 << 3)
    /// The name's bytes aren't valid UTF-8.
    package static let nameNotUTF8 = Violations(rawValue: 1 << 4)
    /// The name holds a line break or another control character.
    package static let nameControlCharacter = Violations(rawValue: 1 << 5)
    /// The name has more characters than ``RecordValidator/nameLengthMax``.
    package static let nameTooLong = Violations(rawValue: 1 << 6)
    /// The rank isn't an integer in digits.
    package static let rankNotInteger = Violations(rawValue: 1 << 7)
    /// The rank doesn't fit 32 bits with a sign.
    package static let rankOutOfRange = Violations(rawValue: 1 << 8)
    /// Two columns or members of the record are its rank.
    package static let rankGivenTwice = Violations(rawValue: 1 << 9)
    /// The activity isn't one of the words for yes and no.
    package static let activeNotBoolean = Violations(rawValue: 1 << 10)
    /// Two columns or members of the record are its activity.
    package static let activeGivenTwice = Violations(rawValue: 1 << 11)
}

extension Violations {
    /// Those of a record's name.
    static let ofName: Violations = [
        .nameMissing, .nameNotText, .nameGivenTwice, .nameNotUTF8, .nameControlCharacter, .nameTooLong,
    ]
    /// Those with which it isn't known what the record's name is.
    static let unnamed = ofName.union(.malformed)
    /// Those of its rank, and of its activity.
    static let ofRank: Violations = [.rankNotInteger, .rankOutOfRange, .rankGivenTwice]
    static let ofActive: Violations = [.activeNotBoolean, .activeGivenTwice]

    /// What is wrong in a few words each, without values; for a malformed record its problem's title says it.
    var titles: [String] {
        let all: [(Violations, String)] = [
            (.nameMissing, "name is missing"), (.nameNotText, "name is not text"),
            (.nameGivenTwice, "name is given twice"),
            (.nameNotUTF8, "name is not valid UTF-8"), (.nameControlCharacter, "name holds a control character"),
            (.nameTooLong, "name is too long"), (.rankNotInteger, "rank is not an integer"),
            (.rankOutOfRange, "rank is out of range"), (.rankGivenTwice, "rank is given twice"),
            (.activeNotBoolean, "activity is not yes or no"), (.activeGivenTwice, "activity is given twice"),
        ]
        return all.compactMap { contains($0.0) ? $0.1 : nil }
    }
}
