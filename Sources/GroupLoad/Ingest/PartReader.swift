import DequeModule
import RecordFormats

/// Reads the rest of a source in parts, several of which are decoded and checked at once; what comes of them is handed
/// over in their order, as if one task had decoded the source.
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
        let number: Int
        let text: [ArraySlice<UInt8>]
        /// Whether a task decodes it; else it has to be decoded in order.
        let isAlone: Bool
        /// Bytes read from all sources up to its end.
        let bytesRead: Int64
    }

    private typealias Tasks = TaskGroup<(number: Int, decoded: Decoded?)>

    /// Parts in a row that had to be decoded in order, at which the rest is, too: records don't end where they do.
    private static let failuresMax = 8

    private let atOnce: Int
    private let checking: RecordChecker.Rules?
    private let progress: RunProgress
    private let stop: StopSwitch
    private var cutter: PartCutter
    private var begun: Deque<Begun> = []
    /// What has come of parts whose turn it isn't, by their numbers.
    private var decoded: [Int: Decoded?] = [:]
    private var decoder: PartDecoder?
    private var number = 0
    private var failures = 0
    private var isGivenUp: Bool { failures >= Self.failuresMax }

    init(
        _ parts: PartReading, cutAt border: PartBorder, _ checking: RecordChecker.Rules?, progress: RunProgress,
        stop: StopSwitch
    ) {
        atOnce = parts.atOnce
        cutter = PartCutter(bytesMin: parts.bytesMin, border: border)
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
        let failure: (any Error)? = await withTaskGroup(of: Tasks.Element.self) { tasks in
            do {
                try await read(&bytes, by: stream, into: &sender, seen: see, &tasks)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
    }

    private mutating func read(
        _ bytes: inout SourceBytes, by stream: RecordStream, into sender: inout BatchSender,
        seen see: ([UInt8]) -> Void, _ tasks: inout Tasks
    ) async throws {
        while true {
            let chunk: [UInt8]
            do { chunk = try await bytes.next() } catch {
                try await takeRest(by: stream, into: &sender, &tasks)
                throw error
            }
            if stop.reason != nil || Task.isCancelled { return }
            guard !chunk.isEmpty else { return try await takeRest(by: stream, into: &sender, &tasks) }
            see(chunk)
            guard let part = isGivenUp ? cutter.addUncut(chunk) : cutter.add(chunk) else { continue }
            begin(part, behind: stream, sender, &tasks)
            while begun.count > atOnce || begun.first?.isAlone == false {
                try await take(begun.removeFirst(), by: stream, into: &sender, &tasks)
            }
        }
    }

    private mutating func begin(
        _ part: PartCutter.Part, behind stream: RecordStream, _ sender: borrowing BatchSender, _ tasks: inout Tasks
    ) {
        if decoder == nil { decoder = stream.partDecoder }
        number += 1
        let (number, text) = (number, part.text)
        let decoder = part.isWhole ? decoder : nil
        begun.append(
            Begun(number: number, text: text, isAlone: decoder != nil, bytesRead: progress.snapshot.bytesRead))
        guard let decoder else { return }
        let (batch, checked) = sender.empty()
        tasks.addTask { [checking] in
            var (batch, checked) = (batch, checked)
            guard let part = decoder.decode(text, into: &batch) else { return (number, nil) }
            guard let checking else { return (number, Decoded(part: part, batch: batch, checked: checked)) }
            var checker = RecordChecker(checking)
            let remarks = checker.check(batch, into: &checked)
            return (number, Decoded(part: part, batch: batch, checked: checked, remarks: remarks))
        }
    }

    private mutating func takeRest(
        by stream: RecordStream, into sender: inout BatchSender, _ tasks: inout Tasks
    ) async throws {
        while let next = begun.popFirst() { try await take(next, by: stream, into: &sender, &tasks) }
        for text in cutter.rest() { try stream.push(text.span, into: &sender.batch) }
    }

    /// Takes the next part. One that was decoded by itself was decoded as if it began a record.
    private mutating func take(
        _ next: Begun, by stream: RecordStream, into sender: inout BatchSender, _ tasks: inout Tasks
    ) async throws {
        if next.isAlone, var decoded = await result(of: next.number, &tasks), stream.isBetweenRecords {
            failures = 0
            await sender.flush(stream, progress, isUrgent: false)
            stream.pass(decoded.part, &decoded.batch)
            guard !decoded.batch.isEmpty else { return }
            return await sender.send(
                decoded.batch, decoded.checked, decoded.remarks, stream, bytesRead: next.bytesRead, isUrgent: false)
        }
        failures += 1
        stream.isInParts = !isGivenUp
        for text in next.text {
            try stream.push(text.span, into: &sender.batch)
            if sender.isFull { await sender.flush(stream, progress, isUrgent: false) }
        }
        // What was learnt from the part is known to the next.
        if !isGivenUp { decoder = stream.partDecoder ?? decoder }
    }

    private mutating func result(of number: Int, _ tasks: inout Tasks) async -> Decoded? {
        while true {
            if let decoded = decoded.removeValue(forKey: number) { return decoded }
            guard let next = await tasks.next() else { return nil }
            decoded[next.number] = .some(next.decoded)
        }
    }
}
