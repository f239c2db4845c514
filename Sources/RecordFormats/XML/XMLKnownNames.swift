internal import CLibXML2

/// The names of elements that a parser has met of late, and the members that they stand for, so that a list's few names are
/// looked at once and not in each record.
///
/// A parser keeps each local name once, in its dictionary, as long as it lives; so where the pointer is the same, the name is.
@safe struct XMLKnownNames {
    private var last: (name: UnsafePointer<xmlChar>?, member: MemberName) = (nil, .other)
    private var lastButOne: (name: UnsafePointer<xmlChar>?, member: MemberName) = (nil, .other)

    /// What the element stands for. `localName` is as the one parser that this is for lends it to `startElementNs`.
    @inline(__always)
    mutating func member(_ localName: UnsafePointer<xmlChar>, _ names: MemberNames) -> MemberName {
        if unsafe localName == last.name { return unsafe last.member }
        if unsafe localName == lastButOne.name { return unsafe lastButOne.member }
        return unsafe add(localName, names)
    }

    private mutating func add(_ localName: UnsafePointer<xmlChar>, _ names: MemberNames) -> MemberName {
        // Safe: libxml2 lends the name, ended by a zero byte, for the callback.
        let member = unsafe names.member(Span(_unsafeStart: localName, count: Int(xmlStrlen(localName))))
        unsafe lastButOne = last
        unsafe last = (localName, member)
        return member
    }
}
