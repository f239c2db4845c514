/// What an XML parser met in a piece of a document: events in their order, and the bytes of attributes and texts.
struct XMLPage {
    /// One thing that was met.
    struct Event {
        /// What it is.
        enum Kind: UInt8 {
            /// An element begins; its attributes follow.
            case start
            /// An attribute of the element that began last, if its name means something.
            case attribute
            /// A run of text; one text may come in several.
            case text
            /// An element ends.
            case end
        }

        let kind: Kind
        /// The local name; ``XMLName/other`` for text.
        let name: XMLName
        /// Attributes: whether the name has a prefix.
        var hasPrefix = false
        /// Attributes and texts: the bytes, in UTF-8 without references.
        var slice = ByteSlice.empty
    }

    var events: [Event] = []
    var bytes: [UInt8] = []

    /// The text of a slice.
    func string(_ slice: ByteSlice) -> String { String(decoding: bytes[slice.range], as: UTF8.self) }

    /// The text of a slice that is a name: at most 255 bytes of it, for a file may give any number of them.
    func name(_ slice: ByteSlice) -> String {
        string(ByteSlice(start: slice.start, count: min(slice.count, 255)))
    }

    /// Whether a slice is a text of ASCII.
    func isEqual(_ slice: ByteSlice, _ text: StaticString) -> Bool {
        guard slice.count == text.utf8CodeUnitCount else { return false }
        // Safe: the literal has as many bytes.
        for index in 0..<slice.count where unsafe bytes[slice.start + index] != text.utf8Start[index] { return false }
        return true
    }

    /// Whether a slice says yes as XML Schema writes it.
    func isTrue(_ slice: ByteSlice) -> Bool { bytes.span.extracting(slice.range).isYes }

    /// The whole number of at most nine digits that a slice is; nil where it is none.
    func number(_ slice: ByteSlice) -> Int? { bytes.span.extracting(slice.range).wholeNumber }

    mutating func removeAll() {
        events.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
    }
}

extension XMLPage {
    /// Appends the events of another page.
    mutating func append(_ other: XMLPage) {
        let base = bytes.count
        bytes += other.bytes
        for var event in other.events {
            event.slice = event.slice.moved(by: base)
            events.append(event)
        }
    }
}
