import DequeModule
import RecordFormats

/// Reads the rest of a source in parts of whole lines, several of which are decoded and checked at once; what comes of
/// them is handed over in their order, as if one task had decoded the source.
struct PartReader {
    /// What has come of a part, where it could be decoded by itself.
    private struct Decoded: Sendable {
        var part: DecodedPart
        var batch: RecordBatch
        var checked: [CheckedRecord]
        /// What the check has noted; nil where nothing was checked.
        var remarks: [NameRemark]?
    }

    private struct Begun {
        var text: [ArraySlice<UInt8>]
        /// What decodes it; nil where it has to be decoded in order.
        var task: Task<Decoded?, Never>?
        /// Bytes read from all sources up to its end.
        var bytesRead: Int64
    }

    private let atOnce: Int
    private let checking: RecordChecker.Rules?
    private let progress: RunProgress
    private let stop: StopSwitch
    private var cutter: PartCutter
    private var begun: Deque<Begun> = []
    private var decoder: PartDecoder?

    init(_ parts: PartReading, _ checking: RecordChecker.Rules?, progress: RunProgress, stop: StopSwitch) {
        atOnce = parts.atOnce
        cutter = PartCutter(bytesMin: parts.bytesMin)
        self.checking = checking
        self.progress = progress
        self.stop = stop
    }

    /// Reads to the end, or until a stop is asked for.
    ///
    /// - Parameters:
    ///   - stream: decodes what can't be decoded by itself; it is not finished here.
    ///   - sender: its batch is empty, and has what wasn't handed over afterwards.
    ///   - see: is given all chunks, in order.
    /// - Throws: what is wrong with the source, once all before it has been decoded.
    mutating func read(
        _ bytes: inout SourceBytes, by stream: RecordStream, into sender: inout BatchSender, seen see: ([UInt8]) -> Void
    ) async throws {
        while true {
            let chunk: [UInt8]
            do { chunk = try await bytes.next() } catch {
                try await takeRest(by: stream, into: &sender)
                throw error
            }
            if stop.reason != nil || Task.isCancelled { return }
            guard !chunk.isEmpty else { return try await takeRest(by: stream, into: &sender) }
            see(chunk)
            guard let text = cutter.add(chunk) else { continue }
            begin(text, behind: stream, sender)
            while begun.count > atOnce || begun.first.map({ $0.task == nil }) ?? false {
                try await take(begun.removeFirst(), by: stream, into: &sender)
            }
        }
    }

    private mutating func begin(
        _ text: [ArraySlice<UInt8>], behind stream: RecordStream, _ sender: borrowing BatchSender
    ) {
        if decoder == nil { decoder = stream.partDecoder }
        var begun = Begun(text: text, bytesRead: progress.snapshot.bytesRead)
        if let decoder {
            let (batch, checked) = sender.empty()
            begun.task = Task { @concurrent [checking] in
                var decoded = (batch: batch, checked: checked)
                guard let part = decoder.decode(text, into: &decoded.batch) else { return nil }
                guard let checking else { return Decoded(part: part, batch: decoded.batch, checked: decoded.checked) }
                var checker = RecordChecker(checking)
                let remarks = checker.check(decoded.batch, into: &decoded.checked)
                return Decoded(part: part, batch: decoded.batch, checked: decoded.checked, remarks: remarks)
            }
        }
        self.begun.append(begun)
    }

    private mutating func takeRest(by stream: RecordStream, into sender: inout BatchSender) async throws {
        while let next = begun.popFirst() { try await take(next, by: stream, into: &sender) }
        for text in cutter.rest() { try stream.push(text.span, into: &sender.batch) }
    }

    private func take(_ next: Begun, by stream: RecordStream, into sender: inout BatchSender) async throws {
        // A part is decoded by itself only as if it began a record.
        if var decoded = await next.task?.value, stream.isBetweenRecords {
            await sender.flush(stream, progress, isUrgent: false)
            stream.pass(decoded.part, &decoded.batch)
            guard !decoded.batch.isEmpty else { return }
            return await sender.send(
                decoded.batch, decoded.checked, decoded.remarks, stream, bytesRead: next.bytesRead, isUrgent: false)
        }
        for text in next.text {
            try stream.push(text.span, into: &sender.batch)
            if sender.isFull { await sender.flush(stream, progress, isUrgent: false) }
        }
    }
}
