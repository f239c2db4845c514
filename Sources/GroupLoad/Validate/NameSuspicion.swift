/// Why a name looks like a program's mistake. Such a name is accepted, and noted.
package enum NameSuspicion: Sendable, Equatable {
    /// `1-Mar`, `Mar-05`: what a spreadsheet makes of a text that looks like a day.
    case date
    /// `1.23E+19`: a long number as a spreadsheet shows it.
    case roundedNumber
    /// `#N/A`, `#REF!`, `Err:502`, `####`: what a spreadsheet shows for a formula that fails, or a column too narrow.
    case cellError
    /// `NULL`, `None`, `nan`, `\N`: what a program writes where there is no value.
    case noValue
    /// Only signs: `-`, `?`.
    case onlySigns
    /// U+FFFD, which takes the place of what couldn't be decoded.
    case replacedCharacter
    /// `CafÃ©`, `Donâ€™t`: bytes decoded as another encoding than theirs.
    case wronglyDecoded
    /// The name as a whole, or only its beginning, stands in quotation marks.
    case quoted
    /// `Bed &amp; Bath`: a character as HTML writes it.
    case reference
    /// This character looks like a blank and is another: a no-break space, a thin space.
    case otherBlank(Unicode.Scalar)
    /// This character can't be seen: a zero-width space, a soft hyphen, a mark of direction.
    case unseen(Unicode.Scalar)
    /// The last record of a list, with a name like `Total`.
    case total

    /// What is said of the name.
    package var reason: String {
        switch self {
        case .date: "looks like a date that a spreadsheet made of a name"
        case .roundedNumber: "looks like a long number that a spreadsheet has shortened"
        case .cellError: "is an error of a spreadsheet's formula"
        case .noValue: "is what programs write where there is no value"
        case .onlySigns: "has neither letters nor digits"
        case .replacedCharacter: "holds U+FFFD, which stands for a character that was lost when the text was decoded"
        case .wronglyDecoded: "looks like text that was decoded wrongly; see what the file was saved as"
        case .quoted: "stands in quotation marks, or begins with one"
        case .reference: "holds a character as web pages write it, such as &amp; for &"
        case .otherBlank(let scalar):
            "holds \(Shown.title(of: scalar)), which looks like a blank and is another; type a blank in its place"
        case .unseen(let scalar): "holds \(Shown.title(of: scalar)), which can't be seen; take it out"
        case .total: "is the last of its list, and looks like a total"
        }
    }
}

extension NameSuspicion {
    /// The first letters, in lower case and from `a`, of names that may be suspicious where they are short.
    private static let firstLetters: UInt32 = {
        var bits: UInt32 = 0
        for byte in "adefgjlmnosu".utf8 { bits |= 1 << UInt32(byte &- 0x61) }
        return bits
    }()

    /// The longest date and word, and the longest that begins with a letter.
    private static let countMax = 24, countMaxOfLetters = 11

    /// Whether the ASCII of a name of more than 0 bytes has to be looked at; false for nearly all.
    ///
    /// - Parameter first: its first byte.
    @inline(__always)
    static func mayBe(first: UInt8, count: Int) -> Bool {
        let letter = (first | 0x20) &- 0x61
        // Which letters such words begin with is looked at later: short names are few.
        return letter >= 26 || count <= countMaxOfLetters
    }

    /// What is suspicious about a trimmed name that isn't plain, in which a scan had `findings`.
    static func of(_ name: UnsafeRawBufferPointer, _ findings: TextScan.Findings) -> NameSuspicion? {
        // The lead bytes c2, e2 and ef: of quotation marks, and of U+FFFD. Cyrillic (d0, d1) is decoded wrongly only
        // where it has signs of those, too.
        let (latin, signs, forms) = (UInt64(1) << 0x02, UInt64(1) << 0x22, UInt64(1) << 0x2f)
        let isBesides = findings.leads & (UInt64(1) << 0x10 | 1 << 0x11) == 0 || findings.leads & (latin | signs) != 0
        if findings.leads & forms != 0 || findings.mayBeWronglyDecoded && isBesides {
            let text = unsafe String(decoding: name, as: UTF8.self)
            if text.unicodeScalars.contains("\u{FFFD}") { return .replacedCharacter }
            if findings.mayBeWronglyDecoded, isWronglyDecoded(text) { return .wronglyDecoded }
        }
        if let suspicion = unsafe ofUnseen(name, findings) { return suspicion }
        if findings.leads & (latin | signs | forms) != 0, unsafe name.first ?? 0 >= 0x80,
            unsafe isQuoted(String(decoding: name, as: UTF8.self))
        {
            return .quoted
        }
        return unsafe name.first.flatMap { unsafe mayBe(first: $0, count: name.count) ? ofASCII(name) : nil }
    }

    /// What is suspicious about a trimmed name for its ASCII: all its other characters pass for letters.
    static func ofASCII(_ name: UnsafeRawBufferPointer) -> NameSuspicion? {
        guard let first = unsafe name.first, let last = unsafe name.last, name.count <= countMax else { return nil }
        let letter = (first | 0x20) &- 0x61
        if letter < 26 {
            guard firstLetters & 1 << UInt32(letter) != 0 else { return nil }
            if (0x30...0x39).contains(last) { return unsafe NameShape(name).suspicion }
            return first | 0x20 == UInt8(ascii: "n") || first | 0x20 == UInt8(ascii: "u") ? unsafe ofWord(name) : nil
        }
        if (0x30...0x39).contains(first) { return unsafe NameShape(name).suspicion }
        if first == last, first == UInt8(ascii: "\"") || first == UInt8(ascii: "'"), name.count > 2 { return .quoted }
        return unsafe ofWord(name)
    }

    /// What is suspicious about a name that is one of the words that programs write.
    private static func ofWord(_ name: UnsafeRawBufferPointer) -> NameSuspicion? {
        let text = unsafe String(decoding: name, as: UTF8.self)
        if cellErrors.contains(text.uppercased()) || text.utf8.count > 2 && text.utf8.allSatisfy({ $0 == 0x23 }) {
            return .cellError
        }
        if isNoValue(text) { return .noValue }
        let isSigns = unsafe name.allSatisfy { $0 < 0x80 && !(0x30...0x39).contains($0) && ($0 | 0x20) &- 0x61 >= 26 }
        return isSigns ? .onlySigns : nil
    }

    /// Whether a text is what programs write where there is no value; `NA` and its like regardless of case only where
    /// no name is so.
    package static func isNoValue(_ text: String) -> Bool {
        text == "NA" || noValues.contains(text.lowercased())
    }

    /// Whether a text is what people and programs write where there is no value, so that it may be meant for
    /// `--null`.
    static func looksEmpty(_ text: String) -> Bool {
        isNoValue(text) || ["na", "-", "--", "–", "—", "?", ".", "n.a.", "k.a."].contains(text.lowercased())
    }

    private static let noValues: Set<String> = [
        "null", "none", "nan", "nil", "nat", "undefined", "\\n", "n/a", "#n/a", "<na>", "<null>", "<nil>", "(null)",
        "(none)", "(blank)", "(empty)", "[null]", "[object object]",
    ]

    /// What spreadsheets in English, German, French, Spanish, Portuguese and Italian write.
    private static let cellErrors: Set<String> = [
        "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BUSY!",
        "#ERROR!",
        "#BLOCKED!", "#CONNECT!", "#UNKNOWN!", "#EXTERNAL!", "#PYTHON!", "#TIMEOUT!", "#GETTING_DATA", "#LOADING!",
        "#BEZUG!", "#WERT!", "#ZAHL!", "#NV", "#ÜBERLAUF!", "#KALK!", "#FELD!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#N/D",
        "#NUL!", "#PROPAGATION!", "#¡VALOR!", "#¡REF!", "#¿NOMBRE?", "#¡NUM!", "#¡NULO!", "#¡DIV/0!", "#VALOR!",
        "#NOME?",
        "#NULO!", "#NÚM!", "#VALORE!", "#RIF!", "#NULLO!", "#NAAM?", "#WAARDE!", "#VERW!", "#GETAL!", "#ССЫЛКА!",
        "#ЗНАЧ!",
        "#ИМЯ?", "#ДЕЛ/0!", "#ЧИСЛО!", "#Н/Д", "#ADR!", "#ARG!", "#NAZWA?", "#LICZBA!",
    ]
}
