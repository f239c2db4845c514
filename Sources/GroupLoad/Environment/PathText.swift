import Foundation
import RecordFormats

/// Names of files as text.
///
/// A name on Linux is bytes, most often UTF-8. The text of a path is its bytes as UTF-8, where each byte that isn't
/// part of valid UTF-8 stands as `\xHH` (HH in capitals), and the backslash of a name that has such letters itself as
/// `\x5C`. So each path has one text, and each text one path: `caf\xE9.csv` on the screen, in a ledger and in
/// `summary.json` leads to the same file again. Every call of the system takes its path from ``bytes(_:)``, and every
/// path that the system or the user gives comes in by ``text(_:)``.
package enum PathText {
    private static let backslash = UInt8(ascii: "\\")
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// The text of a path's bytes, which end with NUL or with the sequence.
    package static func text(_ path: some Sequence<UInt8>) -> String {
        let bytes = Array(path.prefix { $0 != 0 })
        var text: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let length = characterLength(bytes[place...])
            if length == 0 || bytes[place] == backslash && escaped(bytes[place...]) != nil {
                text += [backslash, UInt8(ascii: "x"), digits[Int(bytes[place] >> 4)], digits[Int(bytes[place] & 15)]]
                place += 1
            } else {
                text += bytes[place..<place + length]
                place += length
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The text of a path that a C function gave, which ends with NUL.
    package static func text(_ path: UnsafePointer<CChar>) -> String {
        unsafe text(UnsafeRawBufferPointer(start: path, count: strlen(path)))
    }

    /// A path as the system takes it, with the NUL at its end.
    package static func bytes(_ text: String) -> [CChar] {
        var bytes: [CChar] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.first {
            let value = escaped(rest)
            bytes.append(CChar(bitPattern: value ?? byte))
            rest = rest.dropFirst(value == nil ? 1 : 4)
        }
        return bytes + [0]
    }

    /// A path that is UTF-8 and leads to the same file or directory, for a library that takes no other: the path
    /// itself, or where that isn't UTF-8 an open descriptor's, which stays open for as long as the process lives.
    package static func plain(_ path: String) -> String {
        guard path.utf8.contains(backslash) else { return path }
        let descriptor = SystemCall.open(path, O_RDONLY | O_CLOEXEC)
        return descriptor < 0 ? path : "/proc/self/fd/\(descriptor)"
    }

    /// A path as a word of a POSIX shell, which reads it back whatever its bytes are: where it can't be shown as it is,
    /// the shell has printf(1) make it.
    package static func shellWord(_ path: String) -> String {
        // No option of a command.
        let path = path.hasPrefix("-") ? "./" + path : path
        let bytes = bytes(path).dropLast().map { UInt8(bitPattern: $0) }
        if bytes == Array(path.utf8), Shown.text(path, limit: .max) == path { return ShellWord.quoted(path) }
        let plain = bytes.map { byte -> String in
            let character = Unicode.Scalar(byte)
            let isPlain =
                byte < 0x80
                && (character.properties.isAlphabetic || "0123456789_-./".unicodeScalars.contains(character))
            if isPlain { return String(character) }
            let digits = String(byte, radix: 8)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return "\"$(printf '\(plain.joined())')\""
    }

    /// The byte that the first four of `text` stand for; nil where they are no `\xHH` of a byte that is written so.
    private static func escaped(_ text: ArraySlice<UInt8>) -> UInt8? {
        let letters = Array(text.prefix(4))
        guard letters.count == 4, letters[0] == backslash, letters[1] == UInt8(ascii: "x"),
            let high = digits.firstIndex(of: letters[2]), let low = digits.firstIndex(of: letters[3])
        else { return nil }
        let byte = UInt8(high << 4 | low)
        return byte >= 0x80 || byte == backslash ? byte : nil
    }

    /// The bytes of the character at the start; 0 where they aren't valid UTF-8 (The Unicode Standard, table 3-7).
    private static func characterLength(_ bytes: ArraySlice<UInt8>) -> Int {
        let length =
            switch bytes.first ?? 0 {
            case 0..<0x80: 1
            case 0xC2..<0xE0: 2
            case 0xE0..<0xF0: 3
            case 0xF0..<0xF5: 4
            default: 0
            }
        return String(validating: bytes.prefix(length), as: UTF8.self)?.utf8.count == length ? length : 0
    }
}
