internal import CLibXML2

/// Looks at elements around and beside the records for what they say of a page: by their texts, or their attributes.
///
/// Safe, wherever it says `unsafe`: libxml2 lends names, each ended by a zero byte, and attributes for the callback; it
/// keeps each name once, so that its address tells it.
@safe struct XMLPageLook {
    /// Bytes of a text that are kept.
    private static let textMax = 2000

    /// What was said.
    private(set) var signs = PageSigns()
    /// The last element that says nothing of a page.
    private var plainName: UnsafePointer<xmlChar>?
    /// The elements that are open of one that may, and the text of the last.
    private var open: [String] = []
    private var text: [UInt8] = []
    private var signsBefore = PageSigns()

    /// Whether an element is open that may say something.
    var isOpen: Bool { !open.isEmpty }

    /// Whether an element is called as the last one that says nothing.
    @inline(__always)
    func isPlain(_ name: UnsafePointer<xmlChar>) -> Bool { unsafe name == plainName }

    /// Looks at an element that begins.
    /// - Parameter isAround: whether the records stand in it.
    mutating func look(
        _ localName: UnsafePointer<xmlChar>, isAround: Bool,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        if !isAround {
            let name = unsafe String(cString: localName)
            guard PageSigns.mayBe(name) || PageSigns.isLookedInto(name) else { return unsafe plainName = localName }
            signsBefore = signs
            unsafe begin(localName)
        }
        for index in 0..<count {
            guard let attribute = unsafe XMLAttribute(attributes, index) else { continue }
            let value = unsafe String(decoding: attribute.value, as: UTF8.self)
            unsafe signs.note(String(decoding: attribute.localName, as: UTF8.self), within: open, value)
        }
    }

    /// Goes into an element within one that may say something.
    mutating func begin(_ localName: UnsafePointer<xmlChar>) {
        unsafe open.append(String(cString: localName))
        text.removeAll()
    }

    mutating func add(_ bytes: Span<UInt8>) {
        if text.count < Self.textMax { text.append(bytes) }
    }

    /// Ends the last element.
    /// - Parameter isRecord: whether the outermost of them turns out to be a record, which says nothing of a page.
    mutating func end(isRecord: Bool) {
        let name = open.removeLast()
        signs.note(name, within: open, String(decoding: text, as: UTF8.self))
        text.removeAll()
        if open.isEmpty, isRecord { signs = signsBefore }
    }
}
