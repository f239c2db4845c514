/// What a cell's number format makes of its number (ECMA-376-1, 18.8.30, 18.8.31), as far as it matters to a list.
enum NumberFormat: Equatable {
    /// The number itself: `General`, `0`, `@`.
    case plain
    /// A date or a time.
    case date
    /// Digits with zeros before them, and texts between: `000`, `00-00`.
    case digits([Part])
    /// Another form, which isn't followed.
    case other

    /// A part of a format of digits.
    enum Part: Equatable {
        /// The place of a digit.
        case digit
        /// A text between digits.
        case text([UInt8])
    }

    /// A format that needs no code (18.8.30); nil for one of the workbook's own.
    static func builtIn(_ id: Int) -> NumberFormat? {
        switch id {
        case 0, 1, 49: .plain
        case 14...22, 27...36, 45...47, 50...58, 71...81: .date
        case 2...13, 37...44, 48, 59...70: .other
        default: nil
        }
    }

    /// Understands a format's code, its first section, which is the one of positive numbers.
    init(code: String) {
        guard code.utf8.count <= 1024 else {
            self = .other
            return
        }
        let section = Self.tokens(code)
        let letters = section.filter(\.isLetter)
        if letters.elementsEqual("general") || letters.elementsEqual("standard") {
            self = .plain
        } else if section.contains(where: { "dmyhsg".contains($0) }) {
            self = .date
        } else {
            self = Self.digits(code)
        }
    }

    /// The first section's own characters in lower case, without texts, colours and conditions; elapsed times are `h`.
    private static func tokens(_ code: String) -> [Character] {
        var found: [Character] = []
        var rest = code[...]
        while let character = rest.popFirst() {
            switch character {
            case ";": return found
            case "\"": rest = rest.drop { $0 != "\"" }.dropFirst()
            case "\\", "_", "*": rest = rest.dropFirst()
            case "[":
                let inside = rest.prefix { $0 != "]" }.lowercased()
                rest = rest.dropFirst(inside.count + 1)
                if !inside.isEmpty, inside.allSatisfy({ "hms".contains($0) }) { found.append("h") }
            default: found += character.lowercased()
            }
        }
        return found
    }

    private static func digits(_ code: String) -> NumberFormat {
        var parts: [Part] = []
        var rest = code[...]
        loop: while let character = rest.popFirst() {
            switch character {
            case ";": break loop
            case "0": parts.append(.digit)
            case "-", " ", "(", ")", ":": parts.append(.text(Array(String(character).utf8)))
            case "\\":
                guard let next = rest.popFirst() else { return .other }
                parts.append(.text(Array(String(next).utf8)))
            case "\"":
                let inside = rest.prefix { $0 != "\"" }
                rest = rest.dropFirst(inside.count + 1)
                parts.append(.text(Array(inside.utf8)))
            case "@": return code == "@" ? .plain : .other
            default: return .other
            }
        }
        guard parts.contains(.digit), parts.count <= 64 else { return .other }
        return parts == [.digit] ? .plain : .digits(parts)
    }

    /// Appends an integer in a form of digits: its digits fill the places from the right, zeros the rest.
    static func append(_ number: ArraySlice<UInt8>, as parts: [Part], to bytes: inout [UInt8]) {
        var digits = number
        if digits.first == UInt8(ascii: "-") { bytes.append(digits.removeFirst()) }
        let places = parts.count { $0 == .digit }
        var surplus = digits.count - places
        for part in parts {
            switch part {
            case .text(let text): bytes += text
            case .digit where surplus < 0:
                bytes.append(0x30)
                surplus += 1
            case .digit:
                bytes += digits.prefix(surplus + 1)
                digits = digits.dropFirst(surplus + 1)
                surplus = 0
            }
        }
    }
}
