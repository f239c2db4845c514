package import RecordFormats

/// Reading alone, without validation: how many records there are.
package struct Decoding: Sendable {
    /// The counts over all sources.
    package struct Counts: SummaryDocument, Sendable {
        /// Records, those with a name as text, those with a rank, and the bytes of the names.
        package var read = 0, names = 0, ranks = 0, nameBytes = 0
    }

    private let reader: SourceReader

    /// Makes a reading of sources in their order; it opens none before it runs.
    package init(sources: [InputSource], options: DecodingOptions) {
        reader = SourceReader(
            sources: sources, options: options, checking: nil, progress: RunProgress(), stop: StopSwitch(),
            note: { _ in })
    }

    /// Reads everything.
    ///
    /// - Throws: ``RunError`` where a source can't be opened or is damaged.
    package func run() async throws -> Counts {
        let channel = BatchChannel()
        async let reading = reader.run(into: channel)
        var counts = Counts()
        while let item = await channel.next() {
            counts.read += item.batch.records.count
            for record in item.batch.records {
                if record.name.kind == .text {
                    counts.names += 1
                    counts.nameBytes += record.name.slice.count
                }
                if record.rank.kind != .absent { counts.ranks += 1 }
            }
            channel.recycle(item)
        }
        if let damage = await reading.damage { throw damage }
        return counts
    }
}
