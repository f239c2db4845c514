internal import CLibXML2

/// The library that reads XML.
package enum XMLLibrary {
    /// Its version as it is loaded, for example `2.9.14`.
    package static var version: String {
        // Safe: the text is the library's, ends with NUL, and is copied at once.
        let text = unsafe xmlLoadedVersion().map { unsafe String(cString: $0) } ?? ""
        // 20914, and behind it perhaps a dash and more: two digits a part.
        guard let number = Int(text.prefix { $0.isASCII && $0.isNumber }) else { return "unknown" }
        return "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
    }
}
