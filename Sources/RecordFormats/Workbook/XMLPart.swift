/// An XML document that is read piece by piece: a part of a workbook, or a whole workbook that is one.
final class XMLPart {
    /// What messages call it; empty for the file itself.
    private let name: String
    private let next: () throws(DecodingFailure) -> [UInt8]?
    private var parser = XMLPageParser()
    private var mark = EncodingMark(said: nil, isXML: true)
    private var transcoder: Transcoder?
    private var hasEnded = false

    /// - Parameter next: gives the document's bytes chunk by chunk, and nil at its end.
    init(name: String, next: @escaping () throws(DecodingFailure) -> [UInt8]?) {
        self.name = name
        self.next = next
    }

    /// A part of an archive.
    /// - Parameter bytesMax: how long it may be, inflated; nil for as long as any part.
    convenience init(
        _ entry: ZipEntry, of archive: ZipArchive, bytesMax: Int64? = nil
    ) throws(DecodingFailure) {
        let reader = try archive.reader(of: entry, bytesMax: bytesMax)
        self.init(name: entry.name) { () throws(DecodingFailure) in try reader.next() }
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

    private func readChunk(into page: inout XMLPage) throws(DecodingFailure) {
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
            var rest = XMLPage()
            try parse(chunk.span.extracting(index..<chunk.count), into: &rest)
            return page.append(rest)
        }
        try parse(chunk.span, into: &page)
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
