/// The events of an XML document, one after the other.
struct XMLCursor {
    private let part: XMLPart
    /// Holds the bytes of the event that was given last.
    private(set) var page = XMLPage()
    private var index = 0

    init(_ part: XMLPart) { self.part = part }

    /// The next event; nil at the document's end.
    @inline(__always)
    mutating func next() throws(DecodingFailure) -> XMLPage.Event? {
        if index >= page.events.count {
            index = 0
            guard try part.read(into: &page) else { return nil }
        }
        index += 1
        return page.events[index - 1]
    }

    /// Has ``next()`` give the event again that it gave last.
    mutating func stepBack() { index -= 1 }
}
