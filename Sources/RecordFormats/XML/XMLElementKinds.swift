internal import CLibXML2

/// How the elements are called among which any may be a record.
///
/// Safe, wherever it says `unsafe`: a parser keeps each name once, ended by a zero byte, for as long as it lives, and
/// outlives this value.
@safe struct XMLElementKinds {
    /// Names that are kept of elements without a name.
    private static let namelessMax = 4

    /// The root element's name.
    private(set) var root = ""
    /// The element that is read.
    var element: UnsafePointer<xmlChar>?
    /// The first element that had a name.
    private(set) var named: String?
    private var namedPointer: UnsafePointer<xmlChar>?
    /// The first elements that had none.
    private var nameless: [UnsafePointer<xmlChar>] = unsafe []

    /// Whether an element is called as the first that had a name.
    @inline(__always)
    func isNamed(_ name: UnsafePointer<xmlChar>) -> Bool { unsafe name == namedPointer }

    mutating func begin(root name: UnsafePointer<xmlChar>) { root = unsafe String(cString: name) }

    /// Ends ``element``.
    /// - Returns: its own name, where it has a name as those before it have, and is called otherwise.
    @inline(__always)
    mutating func end(hasName: Bool) -> String? {
        unsafe element == namedPointer ? nil : endOther(hasName: hasName)
    }

    private mutating func endOther(hasName: Bool) -> String? {
        guard let element = unsafe element else { return nil }
        guard hasName else {
            if unsafe nameless.count < Self.namelessMax && !nameless.contains(element) {
                unsafe nameless.append(element)
            }
            return nil
        }
        let name = unsafe String(cString: element)
        guard named == nil else { return name }
        unsafe namedPointer = element
        named = name
        return nil
    }

    /// The root, the element that had names, and the first others, which had none; nil where all are called alike.
    var found: (root: String, named: String, nameless: [String])? {
        guard let named else { return nil }
        let others = unsafe nameless.filter { unsafe $0 != namedPointer }.map { unsafe String(cString: $0) }
        return others.isEmpty ? nil : (root, named, others)
    }
}
