internal import CLibXML2

/// Writes down what libxml2 reports. A plain value in memory of its own, which its callbacks reach by pointer.
@safe struct XMLPageBuilder {
    var page = XMLPage()
    /// What ended the document, if anything did.
    private(set) var fatalError: XMLFatalError?
    private(set) var hasDoctype = false
    private(set) var isRootClosed = false
    private var depth = 0
    private var names: [NameSlot] = Array(repeating: NameSlot(), count: 256)

    /// A name that was met, by the pointer at which the parser keeps it as long as it lives.
    @safe private struct NameSlot {
        var pointer: UnsafePointer<xmlChar>?
        var name = XMLName.other
    }

    @inline(__always)
    private mutating func name(_ pointer: UnsafePointer<xmlChar>) -> XMLName {
        let slot = (Int(bitPattern: pointer) >> 3 ^ Int(bitPattern: pointer) >> 11) & 255
        if unsafe names[slot].pointer == pointer { return names[slot].name }
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        let name = unsafe XMLName.byText[String(cString: pointer)] ?? .other
        unsafe names[slot] = NameSlot(pointer: pointer, name: name)
        return name
    }

    mutating func startElement(
        _ localName: UnsafePointer<xmlChar>, _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ count: Int
    ) {
        depth &+= 1
        unsafe page.events.append(XMLPage.Event(kind: .start, name: name(localName)))
        for index in 0..<count {
            // Safe: used within this callback only; five pointers an attribute.
            guard let attributes = unsafe attributes, let pointer = unsafe attributes[index * 5],
                let begin = unsafe attributes[index * 5 + 3], let end = unsafe attributes[index * 5 + 4]
            else { continue }
            let name = unsafe name(pointer)
            if name == .other { continue }
            let slice = ByteSlice(start: page.bytes.count, count: unsafe end - begin)
            unsafe page.bytes.append(contentsOf: UnsafeBufferPointer(start: begin, count: end - begin))
            page.events.append(
                XMLPage.Event(
                    kind: .attribute, name: name, hasPrefix: unsafe attributes[index * 5 + 1] != nil, slice: slice))
        }
    }

    mutating func text(_ bytes: UnsafePointer<xmlChar>, _ count: Int) {
        let slice = ByteSlice(start: page.bytes.count, count: count)
        // Safe: libxml2 lends `count` bytes for the callback.
        unsafe page.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        page.events.append(XMLPage.Event(kind: .text, name: .other, slice: slice))
    }

    mutating func endElement(_ localName: UnsafePointer<xmlChar>) {
        depth &-= 1
        if depth == 0 { isRootClosed = true }
        unsafe page.events.append(XMLPage.Event(kind: .end, name: name(localName)))
    }

    mutating func doctype() { hasDoctype = true }

    mutating func report(_ error: UnsafePointer<xmlError>) {
        guard fatalError == nil, unsafe error.pointee.level == XML_ERR_FATAL else { return }
        unsafe fatalError = XMLFatalError(error)
    }
}
