internal import CLibXML2

/// The names of the last elements that a parser has read, and the members that they stand for, so that a list's few
/// names are matched once and not in each record.
///
/// A parser keeps each local name once, in its dictionary, as long as it lives; so equal pointers are equal names.
@safe struct XMLKnownNames {
    private var last: (name: UnsafePointer<xmlChar>?, member: RecordMember) = (nil, .other)
    private var lastButOne: (name: UnsafePointer<xmlChar>?, member: RecordMember) = (nil, .other)

    /// What the element stands for. `localName` is the pointer that the one parser of this value lends to
    /// `startElementNs`.
    @inline(__always)
    mutating func member(_ localName: UnsafePointer<xmlChar>, _ mapping: MemberMapping) -> RecordMember {
        if unsafe localName == last.name { return unsafe last.member }
        if unsafe localName == lastButOne.name { return unsafe lastButOne.member }
        return unsafe add(localName, mapping)
    }

    private mutating func add(_ localName: UnsafePointer<xmlChar>, _ mapping: MemberMapping) -> RecordMember {
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        let member = unsafe mapping.member(Span(_unsafeStart: localName, count: Int(xmlStrlen(localName))))
        unsafe lastButOne = last
        unsafe last = (localName, member)
        return member
    }
}
