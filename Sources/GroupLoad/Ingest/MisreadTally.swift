import RecordFormats

/// Counts the records that aren't UTF-8, and finds out whether their list is in another encoding.
struct MisreadTally {
    private struct Found {
        var records = 0
        /// Those in which something else has to be corrected.
        var faulty = 0
        /// The first of their names, and whole records where they have none.
        var names: [[UInt8]] = []
        /// The first of those records' bytes.
        var bytes: [UInt8] = []
        var read: Int64 = 0
    }

    /// Bytes that are kept of a source.
    private static let bytesMax = 1 << 20
    /// Names that are kept of a source.
    private static let namesMax = 100
    private var found: [Int: Found] = [:]

    /// Counts the records of a batch that were found not to be UTF-8.
    mutating func add(_ batch: CheckedBatch) {
        for remark in batch.remarks where remark.kind == .notUTF8 {
            let raw = batch.batch.records[remark.index].raw
            var own = found[batch.source] ?? Found()
            own.records += 1
            if batch.hasOtherFault(batch.batch.records[remark.index]) { own.faulty += 1 }
            if own.records <= Self.namesMax {
                let name = batch.batch.records[remark.index].name
                let slice = name.kind == .text && name.slice.count > 0 ? name.slice : raw
                own.names.append(Array(batch.batch.arena[slice.start..<slice.start + slice.count]))
            }
            if own.bytes.count + raw.count <= Self.bytesMax {
                own.bytes += batch.batch.arena[raw.start..<raw.end] + [UInt8(ascii: "\n")]
            }
            found[batch.source] = own
        }
        if let last = batch.batch.records.last { found[batch.source]?.read = last.ordinal }
    }

    /// The lists that are likely to be in another encoding as a whole: looked at again where they are files, else by
    /// those of their records that aren't UTF-8.
    func lists(of sources: [InputSource]) async -> [Misread] {
        var lists: [Misread] = []
        for (number, own) in found.sorted(by: { $0.key < $1.key }) {
            let source = sources[number]
            let head = await Self.head(of: source)
            let encodings = LikelyEncoding.of(head ?? own.bytes)
            guard let likeliest = encodings.first else { continue }
            let readings = LikelyEncoding.readings(of: own.names, in: encodings)
            lists.append(
                Misread(
                    path: source.given, encoding: likeliest.rawValue, readings: readings.isEmpty ? nil : readings,
                    records: own.records, faulty: own.faulty, read: own.read))
        }
        return lists
    }

    /// The lists that are UTF-8 by their beginnings and hold letters besides ASCII, among those that can be read twice:
    /// the encoding that the user gave for them is another.
    static func lists(inUTF8 sources: [InputSource]) async -> [InputSource] {
        var lists: [InputSource] = []
        for source in sources {
            guard var head = await head(of: source), head.contains(where: { $0 >= 0x80 }) else { continue }
            // The last character may be cut.
            while let last = head.last, last >= 0x80 { head.removeLast() }
            if head.span.isUTF8, head.contains(where: { $0 >= 0x80 }) { lists.append(source) }
        }
        return lists
    }

    /// The beginning of a file, decompressed; nil for what can't be read twice.
    private static func head(of source: InputSource) async -> [UInt8]? {
        guard source.copy != nil || InputSource.isReadableAgain(source.path) else { return nil }
        do {
            var bytes = try SourceBytes(source, isHashed: false, progress: RunProgress(), stop: StopSwitch())
            var head = try await bytes.first()
            while head.count < LikelyEncoding.bytesMax {
                let chunk = try await bytes.next()
                if chunk.isEmpty { break }
                head += chunk
            }
            return head
        } catch {
            return nil
        }
    }
}

extension CheckedBatch {
    /// Whether a record that isn't UTF-8 would be invalid in the right encoding, too, as far as that can be seen: its
    /// quotes, its number of fields, its rank or its activity.
    fileprivate func hasOtherFault(_ record: Record) -> Bool {
        if let columns, let delimiter {
            let raw = Array(batch.arena[record.raw.start..<record.raw.end])
            let (fields, stray) = RecordBatch.columns(of: raw, delimiter: delimiter)
            if !stray.isEmpty || fields.count != columns.count { return true }
        }
        var fields = RecordValidator.Fields()
        // Safe: the arena is read within the closure only.
        unsafe batch.arena.withUnsafeBytes { arena in
            unsafe RecordValidator.checkRank(record.rank, in: arena, &fields)
            unsafe RecordValidator.checkActive(record.active, in: arena, &fields)
        }
        return !fields.violations.isEmpty
    }
}
