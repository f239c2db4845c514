internal import CLibXML2

/// An attribute as libxml2 lends it for a callback: its bytes must not outlive that.
@unsafe struct XMLAttribute {
    let localName: UnsafeBufferPointer<UInt8>
    let hasPrefix: Bool
    let value: UnsafeBufferPointer<UInt8>

    /// The attribute at `index`, from 0, of those that libxml2 lends, five pointers each: local name, prefix, URI, and
    /// the value's begin and end.
    init?(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ index: Int) {
        guard let attributes = unsafe attributes, let name = unsafe attributes[index * 5],
            let begin = unsafe attributes[index * 5 + 3], let end = unsafe attributes[index * 5 + 4]
        else { return nil }
        unsafe localName = UnsafeBufferPointer(start: name, count: Int(xmlStrlen(name)))
        unsafe hasPrefix = attributes[index * 5 + 1] != nil
        unsafe value = UnsafeBufferPointer(start: begin, count: end - begin)
    }

    /// Whether it is `xsi:nil` by its local name, and true.
    var isTrueNil: Bool {
        unsafe hasPrefix && localName.elementsEqual("nil".utf8)
            && (value.elementsEqual("1".utf8) || value.elementsEqual("true".utf8))
    }
}
