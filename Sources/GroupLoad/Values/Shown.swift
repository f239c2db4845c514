/// Foreign text made safe for a person's eyes, on a terminal and on a page: what a list, a file's name or a server
/// says.
///
/// Characters that a terminal acts on, or that change how others are shown, stand as `\u{202E}`: controls (C0, C1,
/// DEL), line and paragraph separators, format characters (those that turn the direction among them), and what Unicode
/// hasn't assigned. Only the two joiners that scripts and emoji need stay. This is for people: data is never changed.
/// JSON has the same characters in its own escapes.
package enum Shown {
    /// One line of at most `limit` characters, with `…` where there were more.
    package static func text(_ text: String, limit: Int = 200) -> String {
        escaped(text, limit: limit, keepsLines: false)
    }

    /// A message of ours on its way to the terminal, whatever came into it: its line ends stay.
    package static func message(_ text: String) -> String { escaped(text, limit: .max, keepsLines: true) }

    /// A name in quotes with all escaped that can't be seen or looks like a blank, at most `limit`
    /// characters.
    package static func exactly(_ name: String, limit: Int) -> String {
        var marked = String.UnicodeScalarView()
        for scalar in text(name, limit: limit).unicodeScalars {
            let isHidden = scalar.properties.isWhitespace && scalar != " " || NameFolding.isIgnorable(scalar)
            marked.append(contentsOf: isHidden ? escape(scalar).unicodeScalars : String(scalar).unicodeScalars)
        }
        return "\"\(String(marked))\""
    }

    /// JSON text in which each such character, all of which stand in strings, is written as `\u202E` (RFC 8259,
    /// section 7): the values are the same.
    package static func json(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 < 0x7F }) { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value < 0x7F || isPlain(scalar) {
                shown.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16, uppercase: true)
                    shown.append(
                        contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }
            }
        }
        return String(shown)
    }

    /// The escape of a character that isn't plain: `\u{202E}`.
    static func escape(_ scalar: Unicode.Scalar) -> String {
        "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }

    /// A character that can't be seen, by its name and code: `a no-break space (U+00A0)`.
    static func title(of scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        guard let name = scalar.properties.name?.lowercased(), let first = name.first else { return code }
        return "\("aeio".contains(first) ? "an" : "a") \(name) (\(code))"
    }

    private static func escaped(_ text: String, limit: Int, keepsLines: Bool) -> String {
        var shown = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            if count == limit {
                shown.append("…")
                break
            }
            count += 1
            if isPlain(scalar) || keepsLines && scalar == "\n" {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: escape(scalar).unicodeScalars)
            }
        }
        return String(shown)
    }

    /// Whether a character does nothing but show.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return true }
        if scalar.value == 0x200C || scalar.value == 0x200D { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
        default: return true
        }
    }
}
