/// Names as exports write them so that a spreadsheet takes them for texts: `="007"`, and with an apostrophe before
/// them, as `--spreadsheet-safe` does.
extension NameSuspicion {
    /// Words that an apostrophe stands before in English.
    private static let elisions: Set<String> = [
        "twas", "tis", "til", "till", "em", "round", "cause", "neath", "ello", "allo", "bout", "hood", "n", "scuse",
    ]

    /// Whether a name of CSV holds a backslash before a quote; where tabs separate fields, before what stands for
    /// another character, too.
    static func isEscaped(_ name: String, isTabbed: Bool) -> Bool {
        let (bytes, escapes) = (name.utf8, isTabbed ? "'\"tnr\\" : "'\"")
        return zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "\\") && escapes.utf8.contains($1) }
    }

    /// Whether a trimmed name that begins with `=` or an apostrophe is guarded so.
    static func isGuarded(_ name: UnsafeRawBufferPointer) -> Bool {
        let text = unsafe name.dropFirst()
        guard unsafe name[0] == UInt8(ascii: "'") else {
            return unsafe text.count > 2 && text.first == UInt8(ascii: "\"") && text.last == UInt8(ascii: "\"")
        }
        guard let first = unsafe text.first, unsafe !text.contains(UInt8(ascii: "'")) else { return false }
        if "=+-@".utf8.contains(first) { return true }
        if (0x30...0x39).contains(first) {
            // A year or a decade: '68, '90s.
            let digits = unsafe text.prefix { (0x30...0x39).contains($0) }
            let end = unsafe text.dropFirst(digits.count).first
            return unsafe digits.count != 2 || end.map { $0 | 0x20 != UInt8(ascii: "s") && $0 != 0x20 } ?? false
        }
        guard (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
        let word = unsafe text.prefix { ($0 | 0x20) &- 0x61 < 26 }
        return unsafe !elisions.contains(String(decoding: word, as: UTF8.self).lowercased())
    }
}
