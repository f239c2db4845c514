extension Shown {
    /// A number for a person, with a comma before each three digits: `12,050`. Files have plain digits.
    package static func number(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number.magnitude))
        let grouped = digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index) % 3 == 0 { text += "," }
            text.append(digits[index])
        }
        return (number.signum() < 0 ? "-" : "") + grouped
    }

    /// A number and what is counted: `1 record`, `12,050 records`.
    ///
    /// - Parameters:
    ///   - one: the word for one.
    ///   - many: the word for any other number; nil for `one` with an s.
    package static func count(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(Self.number(number)) \(number == 1 ? one : many ?? one + "s")"
    }
}
