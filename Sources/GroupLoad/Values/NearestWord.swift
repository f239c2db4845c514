/// The known word that somebody may have meant.
package enum NearestWord {
    /// The longest word that is compared, in bytes.
    private static let bytesMax = 100

    /// The known word that is the fewest changes of a letter away, the case of letters aside.
    ///
    /// - Returns: nil if none is near: at most a third of the word's letters may differ, and one at least.
    package static func of(_ word: String, among known: [String]) -> String? {
        let lowered = word.lowercased()
        let changesMax = max(1, lowered.utf8.count / 3)
        let near = known.map { (word: $0, changes: distance(lowered, $0.lowercased())) }.min { $0.changes < $1.changes }
        return near.flatMap { $0.changes <= changesMax ? $0.word : nil }
    }

    /// The changes of a letter between two words: put in, left out, replaced, or exchanged with the next one (optimal
    /// string alignment).
    package static func distance(_ first: String, _ second: String) -> Int {
        let (first, second) = (Array(first.utf8.prefix(bytesMax)), Array(second.utf8.prefix(bytesMax)))
        var earlier: [Int] = []
        var row = Array(0...second.count)
        for (index, byte) in first.enumerated() {
            var next = [index + 1]
            for column in second.indices {
                var changes = min(row[column] + (byte == second[column] ? 0 : 1), row[column + 1] + 1, next[column] + 1)
                if index > 0, column > 0, byte == second[column - 1], first[index - 1] == second[column] {
                    changes = min(changes, earlier[column - 1] + 1)
                }
                next.append(changes)
            }
            (earlier, row) = (row, next)
        }
        return row[second.count]
    }
}
