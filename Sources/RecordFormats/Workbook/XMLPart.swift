/// An XML document that is read piece by piece: a part of a workbook, or a whole workbook that is one.
///
/// Where most of a document is of one plain form, its reader may read that itself: see ``readPlain(_:)``.
final class XMLPart {
    /// What messages call it; empty for the file itself.
    private let name: String
    private let next: () throws(DecodingFailure) -> [UInt8]?
    private var parser = XMLPageParser()
    private var mark = EncodingMark(said: nil, isXML: true)
    private var transcoder: Transcoder?
    private var hasEnded = false
    /// The end tag behind which a piece for the parser ends, so that plain reading can go on there; empty for none.
    private let border: StaticString
    /// The chunk at hand, if it is in UTF-8, and how much of it was read.
    private var chunk: [UInt8] = []
    private var consumed = 0

    /// - Parameters:
    ///   - border: the end tag behind which ``readPlain(_:)`` may be used again, as it is mostly written; empty for
    ///     none.
    ///   - next: gives the document's bytes chunk by chunk, and nil at its end.
    init(name: String, border: StaticString = "", next: @escaping () throws(DecodingFailure) -> [UInt8]?) {
        self.name = name
        self.border = border
        self.next = next
    }

    /// A part of an archive.
    /// - Parameter bytesMax: how long it may be, inflated; nil for as long as any part.
    convenience init(
        _ entry: ZipEntry, of archive: ZipArchive, bytesMax: Int64? = nil, border: StaticString = ""
    ) throws(DecodingFailure) {
        let reader = try archive.reader(of: entry, bytesMax: bytesMax)
        self.init(name: entry.name, border: border) { () throws(DecodingFailure) in try reader.next() }
    }

    /// A document that is the file itself.
    convenience init(_ source: RandomAccessBytes) {
        var offset: Int64 = 0
        self.init(name: "") { () throws(DecodingFailure) in
            guard offset < source.count else { return nil }
            let chunk = try source.some(at: offset, 1 << 16)
            offset += Int64(chunk.count)
            return chunk
        }
    }

    /// Reads on, and puts what was met into `page`, in place of what that holds.
    /// - Returns: false at the document's end, where `page` is empty.
    /// - Throws: what the document's bytes and its XML can fail by, with the part's name.
    func read(into page: inout XMLPage) throws(DecodingFailure) -> Bool {
        page.removeAll()
        do throws(DecodingFailure) {
            while !hasEnded, page.events.isEmpty { try readChunk(into: &page) }
        } catch {
            if name.isEmpty { throw error }
            var failure = error
            if failure.line > 0 { failure.message = "\(name), line \(failure.line): \(failure.message)" }
            failure.line = 0
            throw failure
        }
        return !page.events.isEmpty
    }

    /// Lets `take` read what comes next past the parser, if that stands between two tags inside the root element.
    /// - Parameter take: gives how many of the bytes it has read: whole elements, and white space between them, that
    ///   are well-formed and nest at most ``XMLPageParser/plainDepthMax`` deep. 0 leaves them to the parser.
    /// - Returns: whether any were read.
    @inline(__always)
    func readPlain(_ take: (Span<UInt8>) -> Int) -> Bool {
        guard consumed < chunk.count, parser.isBetweenTags else { return false }
        let chunk = chunk
        let count = take(chunk.span.extracting(consumed..<chunk.count))
        consumed += count
        parser.pass(count)
        return count > 0
    }

    private func readChunk(into page: inout XMLPage) throws(DecodingFailure) {
        if consumed < chunk.count { return try parsePiece(into: &page) }
        guard let chunk = try next() else {
            hasEnded = true
            if let detection = try mark.end() { try begin(detection, into: &page) }
            var last = XMLPage()
            try parser.parse(Span(), into: &last)
            page.append(last)
            return
        }
        var index = 0
        if mark.isPending {
            guard let detection = try mark.read(chunk.span, &index) else { return }
            try begin(detection, into: &page)
            if index == chunk.count { return }
            if transcoder != nil {
                var rest = XMLPage()
                try parse(chunk.span.extracting(index..<chunk.count), into: &rest)
                return page.append(rest)
            }
        }
        if transcoder != nil { return try parse(chunk.span, into: &page) }
        self.chunk = chunk
        consumed = index
        if page.events.isEmpty { try parsePiece(into: &page) }
    }

    /// Parses the chunk at hand up to the next border, or to its end.
    private func parsePiece(into page: inout XMLPage) throws(DecodingFailure) {
        let (chunk, start) = (chunk, consumed)
        consumed = chunk.count
        if border.utf8CodeUnitCount > 0, let found = chunk.span.firstIndex(of: border, from: start) {
            consumed = found + border.utf8CodeUnitCount
        }
        try parser.parse(chunk.span.extracting(start..<consumed), into: &page)
    }

    private func begin(_ detection: EncodingMark.Detection, into page: inout XMLPage) throws(DecodingFailure) {
        if detection.name != TextEncoding.utf8.rawValue { transcoder = try Transcoder(from: detection.name) }
        try parse(detection.head.span, into: &page)
    }

    private func parse(_ bytes: Span<UInt8>, into page: inout XMLPage) throws(DecodingFailure) {
        guard bytes.count > 0 else { return }
        if transcoder == nil { return try parser.parse(bytes, into: &page) }
        var whole = XMLPage()
        try transcoder?.convert(bytes) { text throws(DecodingFailure) in
            var piece = XMLPage()
            try parser.parse(text, into: &piece)
            whole.append(piece)
        }
        page = whole
    }
}
