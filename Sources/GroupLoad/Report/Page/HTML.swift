/// Puts a page together. Markup is only what stands in this program's source (`StaticString`); all else is escaped.
struct HTML {
    /// What has been written, in UTF-8.
    private(set) var bytes: [UInt8] = []

    /// Appends markup as it stands.
    mutating func markup(_ markup: StaticString) {
        // Safe: a literal's bytes are constants of the program.
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount))
    }

    /// Appends text, escaped for use between tags and within quoted attributes.
    ///
    /// Characters that act on what is around them stand as ``Shown`` has them, but for tabs and line ends.
    mutating func text(_ text: String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": markup("&amp;")
            case "<": markup("&lt;")
            case ">": markup("&gt;")
            case "\"": markup("&quot;")
            case "'": markup("&#39;")
            case "\t", "\n": bytes.append(UInt8(scalar.value))
            default: bytes.append(contentsOf: (Shown.isPlain(scalar) ? String(scalar) : Shown.escape(scalar)).utf8)
            }
        }
    }

    /// Appends an element with what `content` writes between its tags.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>,
        _ content: (inout HTML) -> Void
    ) {
        open(name, attributes)
        markup(">")
        content(&self)
        markup("</")
        markup(name)
        markup(">")
    }

    /// Appends an element that holds a text.
    mutating func element(
        _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ text: String
    ) {
        element(name, attributes) { $0.text(text) }
    }

    /// As above, without attributes.
    mutating func element(_ name: StaticString, _ content: (inout HTML) -> Void) { element(name, [:], content) }

    /// As above, without attributes.
    mutating func element(_ name: StaticString, _ text: String) { element(name, [:], text) }

    /// Appends an element of SVG that holds nothing.
    mutating func shape(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
        open(name, attributes)
        markup("/>")
    }

    /// Appends a text that somebody else wrote, in whatever script and direction, cut at a length that a page can show.
    mutating func foreign(_ text: String) {
        element("bdi", Shown.text(text, limit: Self.foreignMax))
    }

    /// Characters that are shown of a name or a message.
    private static let foreignMax = 200

    private mutating func open(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
        markup("<")
        markup(name)
        for (name, value) in attributes {
            markup(" ")
            markup(name)
            markup("=\"")
            text(value)
            markup("\"")
        }
    }
}
