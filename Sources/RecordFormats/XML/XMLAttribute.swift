internal import CLibXML2

/// An attribute as libxml2 lends it for a callback: its bytes must not outlive that.
@unsafe struct XMLAttribute {
    let localName: UnsafeBufferPointer<UInt8>
    private let prefix: UnsafePointer<UInt8>?
    let value: UnsafeBufferPointer<UInt8>

    /// The attribute at `index`, from 0, of those that libxml2 lends, five pointers each: local name, prefix, URI, and
    /// the value's begin and end.
    init?(_ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?, _ index: Int) {
        guard let attributes = unsafe attributes, let name = unsafe attributes[index * 5],
            let begin = unsafe attributes[index * 5 + 3], let end = unsafe attributes[index * 5 + 4]
        else { return nil }
        unsafe localName = UnsafeBufferPointer(start: name, count: Int(xmlStrlen(name)))
        unsafe prefix = attributes[index * 5 + 1]
        unsafe value = UnsafeBufferPointer(start: begin, count: end - begin)
    }

    /// Whether its name has a prefix.
    var hasPrefix: Bool { unsafe prefix != nil }

    /// What it stands for. An attribute of another name space (`ss:Name`, `xml:id`) is none of the record's own, unless
    /// the user gave its name with the prefix.
    func member(_ mapping: MemberMapping) -> RecordMember {
        // Safe: used within the callback that lends the names, each of which a zero byte ends.
        guard let prefix = unsafe prefix else { return unsafe mapping.member(Span(_unsafeElements: localName)) }
        if mapping.isStandard { return .other }
        let written = unsafe String(cString: prefix) + ":" + String(decoding: localName, as: UTF8.self)
        return mapping.givenMember(written.utf8.span)
    }

    /// Whether it is `xsi:nil` by its local name, and true.
    var isTrueNil: Bool {
        unsafe hasPrefix && localName.elementsEqual("nil".utf8)
            && (value.elementsEqual("1".utf8) || value.elementsEqual("true".utf8))
    }
}
