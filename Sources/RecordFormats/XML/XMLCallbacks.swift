internal import CLibXML2

/// The C functions that libxml2 calls, each of which finds its handler in the parser's user data.
enum XMLCallbacks {
    /// A table of SAX2 callbacks that reports elements and text to an `XMLRecordHandler`, builds no tree, prints
    /// nothing, and stops at a document type declaration, so that no entity but XML's own five exists.
    static var table: xmlSAXHandler {
        var table = unsafe xmlSAXHandler()
        unsafe table.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe table.startElementNs = { context, localName, _, _, _, _, attributeCount, _, attributes in
            guard let handler = unsafe XMLCallbacks.handler(context), let localName = unsafe localName else { return }
            unsafe handler.pointee.startElement(localName, attributes, Int(attributeCount))
        }
        unsafe table.endElementNs = { context, _, _, _ in
            unsafe XMLCallbacks.handler(context)?.pointee.endElement()
        }
        unsafe table.characters = { context, bytes, count in
            guard let bytes = unsafe bytes else { return }
            // Safe: libxml2 lends `count` bytes for the call.
            unsafe XMLCallbacks.handler(context)?.pointee.text(Span(_unsafeStart: bytes, count: Int(count)))
        }
        unsafe table.ignorableWhitespace = table.characters
        unsafe table.cdataBlock = table.characters
        unsafe table.internalSubset = { context, _, _, _ in
            unsafe XMLCallbacks.handler(context)?.pointee.doctype()
        }
        unsafe table.externalSubset = { context, _, _, _ in
            unsafe XMLCallbacks.handler(context)?.pointee.doctype()
        }
        unsafe table.serror = { context, error in
            guard let error = unsafe error else { return }
            unsafe XMLCallbacks.handler(context)?.pointee.report(error)
        }
        return unsafe table
    }

    private static func handler(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLRecordHandler>? {
        // Safe: the user data is the handler that XMLDecoder owns for as long as the parser lives.
        unsafe context?.assumingMemoryBound(to: XMLRecordHandler.self)
    }
}
