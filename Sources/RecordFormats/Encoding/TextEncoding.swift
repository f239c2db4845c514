/// An encoding of text that group lists come in: one of those below, or what an XML declaration names.
package struct TextEncoding: RawRepresentable, CaseIterable, Hashable, Sendable {
    /// Its name in IANA's character set registry.
    package let rawValue: String

    package static let utf8 = TextEncoding(declared: "utf-8")
    package static let utf16LittleEndian = TextEncoding(declared: "utf-16le")
    package static let utf16BigEndian = TextEncoding(declared: "utf-16be")
    package static let latin1 = TextEncoding(declared: "iso-8859-1")
    package static let windows1252 = TextEncoding(declared: "windows-1252")

    /// Those that a user can name.
    package static let allCases = [utf8, utf16LittleEndian, utf16BigEndian, latin1, windows1252]

    /// One of ``allCases`` by its name.
    package init?(rawValue: String) {
        guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = found
    }

    /// What an XML declaration names; the C library may not know it.
    init(declared name: String) { rawValue = name.lowercased() }

    /// The bytes of a code unit.
    var unitBytes: Int { rawValue.hasPrefix("utf-16") ? 2 : 1 }

    /// What is wrong with bytes that aren't valid in it, and what to do.
    package var faultMessage: String {
        self == .utf8
            ? "holds bytes that are not UTF-8; save the file as UTF-8, or say what it is in with --encoding "
                + "(spreadsheets often write windows-1252)"
            : "holds bytes that are not \(rawValue); say what the file is in with --encoding, or save it as UTF-8"
    }
}
