import Hummingbird
import NIOCore

/// Writes JSON into a byte buffer, in the order given and without blanks (RFC 8259).
///
/// By hand, since the group object is written for every create and has a fixed shape.
struct JSONText {
    private(set) var buffer: ByteBuffer
    private var needsComma = false

    init(capacity: Int = 512) {
        buffer = ByteBuffer()
        buffer.reserveCapacity(capacity)
    }

    mutating func beginObject() { begin("{") }
    mutating func endObject() { end("}") }
    mutating func beginArray() { begin("[") }
    mutating func endArray() { end("]") }

    /// Ends a line of NDJSON; the next value starts afresh.
    mutating func endLine() {
        buffer.writeInteger(UInt8(ascii: "\n"))
        needsComma = false
    }

    /// A member's name; its value must follow.
    mutating func name(_ name: String) {
        separate()
        writeString(name)
        buffer.writeInteger(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func member(_ name: String, _ value: String) {
        self.name(name)
        writeString(value)
        needsComma = true
    }

    mutating func member(_ name: String, _ value: some FixedWidthInteger) {
        self.name(name)
        buffer.writeString(String(value))
        needsComma = true
    }

    mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        buffer.writeString(value ? "true" : "false")
        needsComma = true
    }

    mutating func nullMember(_ name: String) {
        self.name(name)
        buffer.writeString("null")
        needsComma = true
    }

    private mutating func begin(_ bracket: String) {
        separate()
        buffer.writeString(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: String) {
        buffer.writeString(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma {
            buffer.writeInteger(UInt8(ascii: ","))
        }
    }

    /// Escapes what RFC 8259 section 7 requires and nothing else; the rest is UTF-8 as it is.
    private mutating func writeString(_ text: String) {
        let quote = UInt8(ascii: "\""), backslash = UInt8(ascii: "\\")
        buffer.writeInteger(quote)
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != quote && $0 != backslash }) {
            buffer.writeString(text)
        } else {
            for byte in text.utf8 {
                switch byte {
                case quote, backslash: buffer.writeBytes([backslash, byte])
                case 0..<0x20:
                    buffer.writeString("\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16))
                default: buffer.writeInteger(byte)
                }
            }
        }
        buffer.writeInteger(quote)
    }
}
