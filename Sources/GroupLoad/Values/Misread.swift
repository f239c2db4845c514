/// A list that is likely to be in another encoding than it was read in.
package struct Misread: Sendable, Codable, Equatable {
    /// How a name reads in an encoding.
    package struct Reading: Sendable, Codable, Equatable {
        /// The encoding's name, as `--encoding` takes it.
        package var encoding: String
        /// The name.
        package var text: String
    }

    /// The list's path as given, or `-`.
    package var path: String
    /// The name of the encoding that it is likely to be in, as `--encoding` takes it.
    package var encoding: String
    /// How a name that isn't UTF-8 reads in that encoding, and in others that are as likely; absent where it is
    /// windows-1252 and no other is.
    package var readings: [Reading]?
    /// Its records that aren't UTF-8, and are invalid.
    package var records: Int
    /// Those of them in which something else has to be corrected, too; nil in summaries of before this was counted.
    package var faulty: Int?
    /// All its records.
    package var read: Int64

    /// What is said of it.
    package var text: String {
        let name = path == "-" ? "standard input" : Shown.text(path, limit: 1000)
        return
            """
            \(name) is likely to be in \(encodings), but was read as UTF-8: \(Shown.number(records)) of its \
            \(Shown.count(read, "record")) \(records == 1 ? "isn't UTF-8 and is" : "aren't UTF-8 and are") invalid\
            \(readingsText)
            """
    }

    private var readingsText: String {
        guard let readings, !readings.isEmpty else { return "" }
        let texts = readings.map { "\"\(Shown.text($0.text, limit: 60))\" in \($0.encoding)" }
        return "; one of them reads \(texts.joined(separator: ", "))"
    }

    /// The encoding, or those that are as likely, for a sentence.
    var encodings: String {
        let others = readings?.map(\.encoding) ?? []
        return others.count > 1 ? others.joined(separator: " or ") : encoding
    }

    /// Why `--strict` refuses such lists; nil where there are none.
    static func refusal(of lists: [Misread]) -> RunError? {
        guard let first = lists.first else { return nil }
        return RunError(
            .otherEncoding, "\(first.text), which --strict refuses", naming: .path(first.path),
            remedy: "give --encoding \(first.encodings), or save the list as UTF-8")
    }
}
