import RecordFormats

/// What a source looks like by its first bytes, where its name says another format, and the user none.
struct FormatHint {
    /// The format that the name says, which the source is read in.
    let said: RecordFormat
    /// The format that the first bytes suggest.
    let seen: RecordFormat

    /// Nil where there is no contradiction, and for JSON of both kinds, which are distinguished as they are read.
    ///
    /// - Parameter head: the first bytes of the source, decompressed.
    init?(_ source: InputSource, head: [UInt8]) {
        guard source.format == nil, let said = RecordFormat.fromSuffix(of: Compression.strip(source.path)),
            said != .xlsx, head.contains(where: { $0 > 0x20 })
        else { return nil }
        let seen = RecordFormat.detect(firstBytes: head)
        if seen == said || [said, seen].allSatisfy({ $0 == .json || $0 == .ndjson }) { return nil }
        (self.said, self.seen) = (said, seen)
    }

    /// A failure at the beginning of the source, with the flag that may mend it.
    func added(to failure: DecodingFailure) -> DecodingFailure {
        var failure = failure
        failure.message = seen == .csv ? "\(failure.message); \(text)" : text
        return failure
    }

    /// What is said. Any text may be CSV.
    var text: String {
        let (said, seen) = (said.rawValue.uppercased(), seen.rawValue)
        return self.seen == .csv
            ? "if the file is CSV, whatever its name says, give --format csv"
            : "the file is named as \(said), but begins as \(seen.uppercased()) does; give --format \(seen), or name "
                + "it .\(seen)"
    }
}
