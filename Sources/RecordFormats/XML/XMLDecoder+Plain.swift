internal import CLibXML2

/// Records that libxml2 doesn't get: those that ``XMLQuickReader`` can read, as nearly all are.
///
/// To its maintainers: libxml2 reads the document's beginning, and stands still at a border: behind a record, or
/// another element beside the records, with nothing left of what it has got. The quick reader goes on from there, and
/// where a record isn't plain, libxml2 gets the bytes from its border on, and goes on as if it had read all. It has the
/// same elements open as before, knows the same name spaces, and is told the line. What it gets is cut as if it got
/// every piece whole, and at borders, where nothing is pending; so what it finds is the same, too. The check
/// `Scripts/checks/fuzz xml` holds both ways against each other.
extension XMLDecoder {
    /// Records that may be given to libxml2 one by one in a piece, and one more for each that is plain; after that, it
    /// gets the rest of the piece, which costs less: a record costs half more there by itself.
    private static let oddMax = 16

    /// The longest beginning of a record that is looked at again when the next piece is there.
    private static let pendingMax = 4096

    /// Reads the plain records of a piece, and has libxml2 read what is between them.
    /// - Returns: the offset from which on libxml2 is to get the piece.
    /// - Throws: as `feed`.
    func readPlain(_ bytes: Span<UInt8>, into batch: inout RecordBatch) throws(DecodingFailure) -> Int {
        guard readsPlain, unsafe handler.pointee.isReadable else { return 0 }
        var index = 0
        if !isAtBorder {
            guard let border = borderBehindPending(bytes) else { return 0 }
            try feed(bytes.extracting(0..<border), isLast: false, into: &batch)
            index = border
        }
        // What is added to an offset in the piece to give its place in the arena, where all of it is from here on.
        let shift = batch.arena.count - index
        batch.arena.append(bytes.extracting(index..<bytes.count))
        var (odd, plain) = (0, 0)
        while isAtBorder {
            plain += readPlainRecords(bytes, &index, shift, &batch)
            var scan = XMLBorderScan(level: 0)
            guard odd < Self.oddMax + plain, let border = scan.firstBorder(bytes, from: index) else {
                break
            }
            try feed(bytes.extracting(index..<border), isLast: false, into: &batch)
            index = border
            odd += 1
        }
        return index
    }

    /// Whether libxml2 has read all that it got, and the next element may be a record.
    var isAtBorder: Bool {
        guard unsafe handler.pointee.isAtBorder, let parser = unsafe parser, let input = unsafe parser.pointee.input
        else {
            return false
        }
        return unsafe parser.pointee.instate == XML_PARSER_CONTENT && parser.pointee.disableSAX == 0
            && input.pointee.cur == input.pointee.end
    }

    /// Where the first border in a piece is, behind what libxml2 has got and not read; nil where there is none.
    private func borderBehindPending(_ bytes: Span<UInt8>) -> Int? {
        guard let parser = unsafe parser, let input = unsafe parser.pointee.input else { return nil }
        switch unsafe parser.pointee.instate {
        case XML_PARSER_CONTENT, XML_PARSER_START_TAG, XML_PARSER_END_TAG: break
        default: return nil
        }
        // Safe: libxml2 holds the bytes from `cur` to `end` until it gets more.
        let count = unsafe input.pointee.end - input.pointee.cur
        guard count >= 0, count <= Self.pendingMax else { return nil }
        // Most records end soon.
        for length in [min(bytes.count, Self.pendingMax), bytes.count] {
            var whole: [UInt8] = []
            whole.reserveCapacity(count + length)
            unsafe whole.append(Span(_unsafeStart: input.pointee.cur, count: count))
            whole.append(bytes.extracting(0..<length))
            var scan = unsafe XMLBorderScan(level: handler.pointee.level)
            if let border = scan.firstBorder(whole.span, from: 0), border > count { return border - count }
        }
        return nil
    }

    /// Reads plain records from the border at `index` on, which is then that behind the last of them.
    /// - Returns: how many there were.
    private func readPlainRecords(
        _ bytes: Span<UInt8>, _ index: inout Int, _ shift: Int, _ batch: inout RecordBatch
    ) -> Int {
        let line = unsafe handler.pointee.line
        let bytesMax = unsafe handler.pointee.recordBytesMax
        let ordinal = recordsRead
        var run = XMLQuickReader.Run(recordsRead: ordinal, line: line, end: index)
        // Safe: the reader reads the piece within the closure only.
        unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let reader = unsafe XMLQuickReader(buffer, names.places, shift: shift) else { return }
            unsafe reader.readRecords(&run, bytesMax: bytesMax, into: &batch)
        }
        if let unknown = run.unknown {
            let name = bytes.extracting(unknown)
            let recordName = unsafe handler.pointee.recordName
            names.add(name, mapping, isRecord: recordName.map { name.isEqual($0.span) } ?? true)
        }
        let records = run.recordsRead - ordinal
        unsafe handler.pointee.pass(records: records, bytes: run.end - index, lineEnds: run.line - line)
        index = run.end
        return Int(records)
    }
}
