/// A list that is one page of a longer one, by what it says beside its records.
package struct PartialList: Sendable, Codable, Equatable {
    /// The list's path as given, or `-`.
    package var path: String
    /// The member or element that says so.
    package var member: String
    /// Its value.
    package var value: String
    /// The records that were read of the list, and of the other pages before it.
    package var read: Int64

    /// What is said of it.
    package var text: String {
        let name = path == "-" ? "standard input" : Shown.text(path, limit: 1000)
        return
            """
            \(name) seems to be one page of a longer list: it holds \(Shown.count(read, "record")), and \
            "\(Shown.text(member, limit: 60))" is \(Shown.text(value, limit: 60))
            """
    }

    /// What to do about it.
    package static let remedy = "fetch the pages that follow, too, and name all of them"

    /// Why such lists are refused; nil where there are none.
    static func refusal(
        of lists: [PartialList], _ code: RunError.Code = .partialList, _ reason: String = "which --strict refuses"
    ) -> RunError? {
        guard let first = lists.first else { return nil }
        return RunError(code, "\(first.text), \(reason)", naming: .path(first.path), remedy: remedy)
    }
}
