/// Decodes a part of an XML document that holds plain records, one behind the other, and nothing else but white space.
///
/// It knows the names that its document's decoder knew where it was made. What it can't read, it holds; so it is
/// between two records for as long as all is plain.
struct XMLPartDecoder: Sendable {
    /// The longest beginning of a record that is looked at again when the next text is there; what is longer isn't
    /// plain.
    private static let heldMax = 1 << 16

    private let names: [XMLQuickNames.Entry]
    /// The element that the records are.
    let recordName: [UInt8]
    private let recordBytesMax: Int
    /// The number of records decoded.
    private(set) var recordsRead: Int64
    /// The line that is next, from 1.
    private(set) var line: Int64
    /// Whether the next byte stands between two records.
    private(set) var isBetweenRecords: Bool
    /// What could not be read, or only with what follows.
    private var held: [UInt8] = []

    /// A decoder of what is next in a document that another decoder reads.
    init(
        names: [XMLQuickNames.Entry], recordName: [UInt8], recordBytesMax: Int, recordsRead: Int64, line: Int64,
        isBetweenRecords: Bool
    ) {
        self.names = names
        self.recordName = recordName
        self.recordBytesMax = recordBytesMax
        self.recordsRead = recordsRead
        self.line = line
        self.isBetweenRecords = isBetweenRecords
    }

    /// Appends the records that `text` completes, as long as all are plain.
    mutating func push(_ text: Span<UInt8>, into batch: inout RecordBatch) {
        guard held.count <= Self.heldMax else { return }
        held.append(text)
        // Zeros, of which nothing plain is made, so that what stands at the end is in the reader's reach.
        unsafe held.append(contentsOf: repeatElement(0, count: XMLQuickReader.reachBytes))
        let shift = batch.arena.count
        batch.arena.append(contentsOf: held)
        var run = XMLQuickReader.Run(recordsRead: recordsRead, line: line)
        withExtendedLifetime(XMLQuickNames(names)) { names in
            // Safe: the reader reads the bytes and the names within the closures only.
            unsafe held.withUnsafeBufferPointer { buffer in
                guard let reader = unsafe XMLQuickReader(buffer, names.places, shift: shift) else { return }
                unsafe reader.readRecords(&run, bytesMax: recordBytesMax, into: &batch)
            }
        }
        (recordsRead, line) = (run.recordsRead, run.line)
        unsafe held.removeLast(XMLQuickReader.reachBytes)
        held.removeFirst(run.end)
        isBetweenRecords = held.isEmpty
    }
}
