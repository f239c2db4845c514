// What members around and beside the records say of a page.
extension JSONDocumentDecoder {
    /// Whether the members at hand may say something of a page.
    var isBeside: Bool { levels.last.map { $0.isObject && $0.within != nil } ?? false }

    /// The names around the members of a level that is opened, where what is said of a page may stand.
    func within(_ role: JSONLevel.Role) -> [String]? {
        if role == .onPath { return [] }
        guard role == .skipped || role == .undecided, let outer = levels.last, let within = outer.within else {
            return nil
        }
        // The objects of an array of links.
        if !outer.isObject { return within }
        return PageSigns.isLookedInto(besideName) ? within + [besideName] : nil
    }

    /// Notes what a member beside the records says of a page; `bytes` are its value, which is sound.
    mutating func notePageSign(_ bytes: Span<UInt8>) {
        guard let within = levels.last?.within, bytes[0] != UInt8(ascii: "n") else { return }
        var value: [UInt8] = []
        if bytes[0] == 0x22 {
            let text = JSONReader.Text(start: 1, end: bytes.count - 1, hasEscape: true)
            value = JSONSurvey.name(text, bytes)
        } else {
            value.append(bytes)
        }
        pageSigns.note(besideName, within: within, String(decoding: value, as: UTF8.self))
    }
}
