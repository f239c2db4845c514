/// What names have in common that a person would take for the same: their folded form, with any white space as one
/// blank and none around it.
package enum NearName {
    /// The form that near names share.
    package static func form(of name: String) -> String {
        if name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F || $0 == 0x20 }), !name.utf8.isSpaced {
            return name.lowercased()
        }
        return collapsed(NameFolding.fold(name))
    }

    /// `folded` with any white space as one blank, and none around it.
    static func collapsed(_ folded: String) -> String {
        folded.unicodeScalars.split(whereSeparator: { $0.properties.isWhitespace }).map(String.init)
            .joined(separator: " ")
    }
}

extension String.UTF8View {
    /// Whether blanks stand at either end, or next to each other.
    fileprivate var isSpaced: Bool {
        var last: UInt8 = 0x20
        for byte in self {
            if byte == 0x20, last == 0x20 { return true }
            last = byte
        }
        return last == 0x20
    }
}
