/// A list that is likely to be in another encoding than it was read in.
package struct Misread: Sendable, Codable, Equatable {
    /// The list's path as given, or `-`.
    package var path: String
    /// The name of the encoding that it is likely to be in, as `--encoding` takes it.
    package var encoding: String
    /// Its records that aren't UTF-8, and are invalid.
    package var records: Int
    /// All its records.
    package var read: Int64

    /// What is said of it.
    package var text: String {
        let name = path == "-" ? "standard input" : Shown.text(path, limit: 1000)
        return
            """
            \(name) is likely to be in \(encoding), but was read as UTF-8: \(Shown.number(records)) of its \
            \(Shown.count(read, "record")) \(records == 1 ? "isn't UTF-8 and is" : "aren't UTF-8 and are") invalid
            """
    }

    /// Why `--strict` refuses such lists; nil where there are none.
    static func refusal(of lists: [Misread]) -> RunError? {
        guard let first = lists.first else { return nil }
        return RunError(
            .otherEncoding, "\(first.text), which --strict refuses", naming: .path(first.path),
            remedy: "give --encoding \(first.encoding), or save the list as UTF-8")
    }
}
