/// A field that the caller wants of each record: its names, and what it holds.
package struct FieldRole: Sendable, Equatable {
    /// What a field of the role holds. It decides how the field is written, and which values can't be written.
    package enum Content: Sendable, Equatable {
        /// Text.
        case text
        /// An integer, as a number or as text.
        case integer
        /// True or false, as that or as text.
        case flag
    }

    /// The column, member or element that the field is written as.
    package let name: String
    /// What messages call the field.
    package let title: String
    /// What the option `--map` calls the field.
    package let option: String
    /// What the field holds.
    package let content: Content
    /// The names of columns, members, elements and attributes that stand for the field where the user gives no other.
    let standardNames: [FoldedName]
    /// Words of titles that may mean the field though they don't stand for it, in lower case.
    let likelyWords: Set<String>

    /// - Parameters:
    ///   - title: what messages call the field; nil for its name.
    ///   - option: what `--map` calls the field; nil for its name.
    ///   - standardNames: the names that stand for the field. Letters in lower case and digits, at most 16 bytes each.
    ///   - likelyWords: words of titles that may mean the field though they don't stand for it, in lower case.
    package init(
        name: String, title: String? = nil, option: String? = nil, content: Content, standardNames: [String],
        likelyWords: Set<String> = []
    ) {
        self.name = name
        self.title = title ?? name
        self.option = option ?? name
        self.content = content
        self.standardNames = standardNames.map { FoldedName(standard: $0) }
        self.likelyWords = likelyWords
    }

    /// Whether a person may mean the field by a title.
    package func isLikely(_ title: String) -> Bool {
        let words = TitleWords.of(title)
        return words.contains { likelyWords.contains($0) } || likelyWords.contains(words.joined())
    }

    /// The part of a title's words that may mean the field, from 0 to 1.
    func likelihood(_ title: String) -> Double {
        let words = TitleWords.of(title)
        if likelyWords.contains(words.joined()) { return 1 }
        return words.isEmpty ? 0 : Double(words.count { likelyWords.contains($0) }) / Double(words.count)
    }
}
