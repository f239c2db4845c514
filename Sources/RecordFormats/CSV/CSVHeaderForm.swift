/// A header's bytes in the form that rows are compared with, to find where it stands once more: without quotes, blanks,
/// invisible characters, `_` and `-`, ASCII letters in lower case, and without empty fields at the end.
struct CSVHeaderForm {
    private let delimiter: UInt8
    private let bytes: [UInt8]
    /// The first of these bytes, with the bit that makes ASCII letters lower case; no row that begins with another can
    /// be the header, but for what is left out. 0 where none can.
    let lead: UInt8

    /// No header: no row is it.
    static let none = CSVHeaderForm(delimiter: 0)

    private init(delimiter: UInt8) { (self.delimiter, bytes, lead) = (delimiter, [], 0) }

    /// The form of a header's own bytes.
    init(_ header: Span<UInt8>, delimiter: CSVDelimiter) {
        self.delimiter = delimiter.rawValue
        var (bytes, first): ([UInt8], UInt8?) = ([], nil)
        var index = 0
        while index < header.count {
            let byte = header[index]
            let blank = byte == delimiter.rawValue ? 0 : header.blankLength(at: index)
            if blank == 0, byte != 0x22, !Self.isSkipped(byte, delimiter.rawValue) {
                if first == nil { first = byte | 0x20 }
                bytes.append(Self.lowercase(byte))
            }
            index += max(blank, 1)
        }
        while bytes.last == delimiter.rawValue { bytes.removeLast() }
        self.bytes = bytes
        lead = bytes.isEmpty ? 0 : first ?? 0
    }

    /// Whether `row` is the header once more.
    func matches(_ row: Span<UInt8>) -> Bool {
        guard !bytes.isEmpty else { return false }
        var (index, matched) = (0, 0)
        while index < row.count {
            let byte = row[index]
            if byte != delimiter {
                let blank = row.blankLength(at: index)
                if blank > 0 || Self.isSkipped(byte, delimiter) || byte == 0x22 {
                    index += max(blank, 1)
                    continue
                }
            }
            if matched < bytes.count {
                guard Self.lowercase(byte) == bytes[matched] else { return false }
                matched += 1
            } else if byte != delimiter {
                return false
            }
            index += 1
        }
        return matched == bytes.count
    }

    private static func isSkipped(_ byte: UInt8, _ delimiter: UInt8) -> Bool {
        (byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")) && byte != delimiter
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
