extension String {
    /// Whether both have the same UTF-8 bytes: what a target and a list's field mean by the same name. `==` takes
    /// canonically equivalent texts, such as a letter with its accent and both in one, for equal too.
    ///
    /// Works on the bytes in place; every create's response is compared so.
    package func hasBytes(of other: String) -> Bool {
        let own = utf8.span, others = other.utf8.span
        return own.count == others.count && own.agrees(with: others, at: 0, in: 0..<own.count)
    }
}
