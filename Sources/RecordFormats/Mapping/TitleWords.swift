/// The words of a column's title, for finding out what a person may mean by it.
package enum TitleWords {
    /// The words in lower case: runs of letters, apart also where a capital follows a small letter (`SortOrder`).
    package static func of(_ title: String) -> [String] {
        var words: [String] = []
        var word = ""
        var wasLower = false
        for character in title {
            if character.isLetter, !(wasLower && character.isUppercase) {
                word.append(character)
            } else {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = character.isLetter ? String(character) : ""
            }
            wasLower = character.isLowercase
        }
        if !word.isEmpty { words.append(word.lowercased()) }
        return words
    }
}
