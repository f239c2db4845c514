/// Numbers as people write them on a command line: digits, with a comma before each three of them if they like.
package enum NumberText {
    /// A whole number from 0: `1000` or `1,000`.
    package static func whole(_ text: some StringProtocol) -> Int? {
        guard let digits = plain(text), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(digits)
    }

    /// A number from 0: `1000`, `1,000` or `0.5`. One with exactly three digits behind its point isn't taken, for it
    /// may be a thousand in one country and one in another.
    package static func decimal(_ text: some StringProtocol) -> Double? {
        guard let digits = plain(text) else { return nil }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.count == 1 || parts[1].count != 3,
            parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return Double(digits)
    }

    /// The text without commas; nil if they don't stand before groups of three digits.
    private static func plain(_ text: some StringProtocol) -> String? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard groups.count > 1 else { return text.isEmpty ? nil : String(text) }
        guard (1...3).contains(groups[0].utf8.count),
            groups.dropFirst().allSatisfy({ $0.prefix { $0 != "." }.count == 3 }),
            groups.dropLast().allSatisfy({ !$0.contains(".") })
        else { return nil }
        return groups.joined()
    }
}
