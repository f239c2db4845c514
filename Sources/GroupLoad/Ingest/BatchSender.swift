import RecordFormats

/// Gathers the records of one source into batches, and hands these over.
struct BatchSender: ~Copyable {
    /// A batch is handed over when it holds so many records or bytes.
    private static let recordsFull = 1000, bytesFull = 1 << 20

    private let channel: BatchChannel
    private let source: Int
    private let digest: SourceDigest?
    private var checker: RecordChecker?
    private var checked: [CheckedRecord]
    /// What is gathered, and not yet handed over.
    var batch: RecordBatch

    init(channel: BatchChannel, source: Int, digest: SourceDigest?, checker: consuming RecordChecker?) {
        self.channel = channel
        self.source = source
        self.digest = digest
        self.checker = checker
        (batch, checked) = channel.empty()
    }

    var isFull: Bool { batch.records.count >= Self.recordsFull || batch.arena.count >= Self.bytesFull }

    /// Hands over what is gathered. Whichever of the two tasks is ahead of the other checks and hashes: this one where
    /// it can, for it has the records at hand.
    mutating func flush(_ stream: RecordStream, _ progress: RunProgress, isUrgent: Bool) async {
        // Without a record, there are only bytes of what was passed over.
        guard !batch.records.isEmpty else { return batch.removeAll() }
        let waiting = channel.waiting
        let isChecked = checker != nil && waiting > 0
        let remarks = isChecked ? checker?.check(batch, into: &checked) : nil
        if waiting > 3 { digest?.catchUp() }
        await send(
            batch, checked, isChecked ? remarks ?? [] : nil, stream, bytesRead: progress.snapshot.bytesRead,
            isUrgent: isUrgent)
        (batch, checked) = channel.empty()
    }

    /// Hands a batch over that was made elsewhere.
    ///
    /// - Parameters:
    ///   - remarks: what the check of its records, in `checked`, has noted; nil where they aren't checked.
    ///   - bytesRead: read from all sources up to its end.
    func send(
        _ batch: RecordBatch, _ checked: [CheckedRecord], _ remarks: [NameRemark]?, _ stream: RecordStream,
        bytesRead: Int64, isUrgent: Bool
    ) async {
        await channel.send(
            ReadBatch(
                batch: batch, checked: checked, remarks: remarks ?? [], isChecked: remarks != nil, source: source,
                digest: digest, columns: stream.columns, delimiter: stream.delimiter, bytesRead: bytesRead),
            isUrgent: isUrgent)
    }

    /// An empty batch, for ``send(_:_:_:_:bytesRead:isUrgent:)``.
    func empty() -> (RecordBatch, [CheckedRecord]) { channel.empty() }

    /// Hands over the last records of the source; it may be long until those of the next.
    mutating func finish(_ stream: RecordStream, _ progress: RunProgress) async {
        await flush(stream, progress, isUrgent: true)
        channel.pause()
    }
}
