/// A text encoding of a list. The raw values are the names of IANA's character set registry.
package enum TextEncoding: String, CaseIterable, Sendable {
    /// UTF-8, which is the default.
    case utf8 = "utf-8"
    /// UTF-16, the low byte first.
    case utf16LittleEndian = "utf-16le"
    /// UTF-16, the high byte first.
    case utf16BigEndian = "utf-16be"
    /// ISO 8859-1 (Latin-1).
    case latin1 = "iso-8859-1"
    /// ISO 8859-2 (Latin-2, Central European).
    case latin2 = "iso-8859-2"
    /// Windows-1250 (Central European).
    case windows1250 = "windows-1250"
    /// Windows-1251 (Cyrillic).
    case windows1251 = "windows-1251"
    /// Windows-1252 (Western European).
    case windows1252 = "windows-1252"
    /// Windows-1253 (Greek).
    case windows1253 = "windows-1253"
    /// Windows-1254 (Turkish).
    case windows1254 = "windows-1254"
    /// KOI8-R (Russian).
    case koi8r = "koi8-r"

    /// What is wrong with bytes that aren't valid in it, and what to do.
    package var faultMessage: String { Self.faultMessage(rawValue) }

    /// What is wrong with bytes that aren't valid in the encoding `name`, and what to do.
    static func faultMessage(_ name: String) -> String {
        name == utf8.rawValue
            ? "holds bytes that are not UTF-8; save the file as UTF-8, or say what it is in with --encoding "
                + "(spreadsheets write windows-1252, 1250 in Central Europe, 1251 in Cyrillic)"
            : "holds bytes that are not \(name); say what the file is in with --encoding, or save it as UTF-8"
    }
}
