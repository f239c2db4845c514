/// Bytes in hexadecimal digits.
enum Hexadecimal {
    private static let lower = Array("0123456789abcdef".utf8), upper = Array("0123456789ABCDEF".utf8)

    /// Appends the two digits of a byte.
    static func append(_ byte: UInt8, isUppercase: Bool = false, to bytes: inout [UInt8]) {
        let digits = isUppercase ? upper : lower
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
    }

    /// The bytes as text in lower case.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes { append(byte, to: &digits) }
        return String(decoding: digits, as: UTF8.self)
    }
}
