/// What is no name, but a piece of a web page or a message of the program that wrote the list.
extension NameSuspicion {
    /// Elements of HTML that a page, or an error message in one, may have at the beginning of a line.
    private static let elements: Set<String> = [
        "a", "b", "body", "br", "center", "div", "em", "font", "footer", "form", "h1", "h2", "h3", "head", "header",
        "hr", "html", "i", "iframe", "img", "input", "li", "link", "main", "meta", "nav", "noscript", "ol", "p", "pre",
        "script", "section", "small", "span", "strong", "style", "table", "tbody", "td", "th", "thead", "title", "tr",
        "u", "ul",
    ]

    /// Whether a trimmed name that begins with `<` begins with a tag of HTML, a comment or a declaration.
    static func isMarkup(_ name: UnsafeRawBufferPointer) -> Bool {
        let text = unsafe String(decoding: name.prefix(32), as: UTF8.self).lowercased().dropFirst()
        if text.hasPrefix("!--") || text.hasPrefix("!doctype") || text.hasPrefix("?php") { return true }
        let tag = text.drop { $0 == "/" }
        let element = tag.prefix { $0.isLetter || $0.isNumber }
        guard elements.contains(String(element)), let end = tag.dropFirst(element.count).first else { return false }
        return end == ">" || end == "/" || end == " "
    }

    /// How messages of PHP begin, in lower case, and of other programs.
    private static let phpBeginnings = [
        "warning: ", "notice: ", "deprecated: ", "strict standards: ", "fatal error: ", "parse error: ", "php warning",
        "php notice", "php deprecated", "php fatal error", "php parse error",
    ]
    private static let beginningsOfMessages = [
        "fatal error: ", "parse error: ", "php fatal error", "php parse error", "traceback (most recent call last)",
        "exception in thread ", "uncaught exception", "sqlstate[",
    ]

    /// Whether a name that is among the first or the last of its list is such a message:
    /// `Warning: fopen(): failed in /var/www/x.php on line 3`.
    static func isMessage(_ name: String) -> Bool {
        let text = name.lowercased().drop(while: \.isWhitespace)
        if beginningsOfMessages.contains(where: text.hasPrefix) { return true }
        let isOfPlace = text.contains(" on line ") || text.contains(".php")
        if text.contains(".php"), text.contains(" on line ") { return true }
        return phpBeginnings.contains(where: text.hasPrefix)
            && (isOfPlace || text.contains("()") || text.contains("undefined "))
    }
}
