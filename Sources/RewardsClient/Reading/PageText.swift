/// The title of a web page, or a text, that came in place of the API's JSON.
struct PageText {
    /// Whether it is HTML, by its type or its first bytes.
    let isHTML: Bool
    /// The page's title as plain text: without tags, entities and runs of white space; nil where it has none.
    let title: String?
    /// The text itself where it isn't HTML; nil where it is.
    let text: String?

    /// The bytes in which a title is looked for.
    private static let bytesMax = 65_536

    init(_ body: [UInt8], type: String?) {
        let text = String(decoding: body.prefix(Self.bytesMax), as: UTF8.self)
        let lower = Self.asciiLowercased(text)
        isHTML =
            type?.lowercased().contains("html") == true || lower.firstRange(of: "<html".utf8) != nil
            || lower.firstRange(of: "<!doctype html".utf8) != nil || lower.firstRange(of: "<title".utf8) != nil
        title = isHTML ? Self.title(text, lower) : nil
        self.text = isHTML ? nil : text
    }

    /// - Parameter lower: the text's bytes with ASCII's letters in lower case, at the same places.
    private static func title(_ text: String, _ lower: [UInt8]) -> String? {
        guard let tag = lower.firstRange(of: "<title".utf8),
            let start = lower[tag.upperBound...].firstIndex(of: UInt8(ascii: ">"))
        else { return nil }
        let end = lower[start...].firstRange(of: "</title".utf8)?.lowerBound ?? min(lower.count, start + 1_000)
        let bytes = Array(text.utf8)[(start + 1)..<max(start + 1, end)]
        var plain = ""
        var isTag = false
        for character in String(decoding: bytes, as: UTF8.self) {
            switch character {
            case "<": isTag = true
            case ">" where isTag: isTag = false
            default: if !isTag { plain.append(character) }
            }
        }
        let words = HTMLEntities.unescaped(plain).split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    private static func asciiLowercased(_ text: String) -> [UInt8] {
        text.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }
}
