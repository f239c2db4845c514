internal import CLibXML2

/// The C functions that libxml2 calls, each of which finds its builder in the parser's user data.
enum XMLPageCallbacks {
    /// A table of SAX2 callbacks that builds no tree, prints nothing, and notes a document type declaration, so that no
    /// entity but XML's own five exists.
    static var table: xmlSAXHandler {
        var table = unsafe xmlSAXHandler()
        unsafe table.initialized = UInt32(XML_SAX2_MAGIC)
        unsafe table.startElementNs = { context, localName, _, _, _, _, attributeCount, _, attributes in
            guard let builder = unsafe XMLPageCallbacks.builder(context), let localName = unsafe localName else {
                return
            }
            unsafe builder.pointee.startElement(localName, attributes, Int(attributeCount))
        }
        unsafe table.endElementNs = { context, localName, _, _ in
            guard let localName = unsafe localName else { return }
            unsafe XMLPageCallbacks.builder(context)?.pointee.endElement(localName)
        }
        unsafe table.characters = { context, bytes, count in
            guard let bytes = unsafe bytes, count > 0 else { return }
            unsafe XMLPageCallbacks.builder(context)?.pointee.text(bytes, Int(count))
        }
        unsafe table.ignorableWhitespace = table.characters
        unsafe table.cdataBlock = table.characters
        unsafe table.internalSubset = { context, _, _, _ in
            unsafe XMLPageCallbacks.builder(context)?.pointee.doctype()
        }
        unsafe table.externalSubset = table.internalSubset
        unsafe table.serror = { context, error in
            guard let error = unsafe error else { return }
            unsafe XMLPageCallbacks.builder(context)?.pointee.report(error)
        }
        return unsafe table
    }

    private static func builder(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<XMLPageBuilder>? {
        // Safe: the user data is the builder that XMLPageParser owns for as long as the parser lives.
        unsafe context?.assumingMemoryBound(to: XMLPageBuilder.self)
    }
}
