extension NameSuspicion {
    /// Words for a sum, in the languages that lists come in.
    private static let totals: Set<String> = [
        "total", "totals", "sum", "sums", "subtotal", "subtotals", "grandtotal", "summe", "summen", "gesamt",
        "gesamtsumme",
        "gesamtergebnis", "insgesamt", "zwischensumme", "endsumme", "totaux", "somme", "sommetotale", "suma", "sumas",
        "totales",
        "totale", "totali", "somma", "soma", "totais", "totaal", "totalen", "som", "summa", "razem", "łącznie",
        "ogółem",
        "celkem", "součet", "spolu", "összesen", "toplam", "итого", "всего", "сумма", "разом", "σύνολο", "合計", "総計",
        "小計", "总计",
        "合计", "小计", "總計", "총계", "합계", "yhteensä", "σ",
    ]
    /// Words that may stand beside one of those.
    private static let besides: Set<String> = [
        "grand", "general", "général", "generale", "overall", "all", "of", "groups", "group", "records", "rows",
        "count",
        "gruppen", "the", "in", "sub", "geral", "completo", "общий",
    ]
    /// Words that a number beside them makes a count.
    private static let counted: Set<String> = [
        "row", "rows", "record", "records", "group", "groups", "count", "entries", "affected", "selected", "in", "set",
        "zeilen", "datensätze", "gruppen", "anzahl", "lignes", "filas", "returned",
    ]

    /// Totals that no group is called, in lower case.
    private static let subtotals = [
        "grand total", "grandtotal", "sub total", "sub-total", "subtotal", "subtotal:", "subtotals",
    ].map { Array($0.utf8) }

    /// Whether a short name is that of a total wherever it stands. Without a copy: many names are asked for.
    static func isSubtotal(_ name: UnsafeRawBufferPointer) -> Bool {
        subtotals.contains { total in
            unsafe total.count == name.count && zip(total, name).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
        }
    }

    /// Whether a name is that of a sum or a count below a list: `Total`, `Grand total:`, `Summe`, `(3 rows)`; not of
    /// one with its number behind it (``isNumberedTotal(_:)``), which may be one of many.
    static func isTotal(_ name: String) -> Bool { hasTotal(name) && !isNumbered(name) }

    /// Whether a name is that of a sum or a count with its number behind it, `Sum 41`, which it is only at the end.
    static func isNumberedTotal(_ name: String) -> Bool { hasTotal(name) && isNumbered(name) }

    private static func isNumbered(_ name: String) -> Bool {
        let words = name.split(separator: " ")
        return words.count == 2 && words[0].allSatisfy(\.isLetter) && words[1].allSatisfy(\.isNumber)
    }

    private static func hasTotal(_ name: String) -> Bool {
        var words: [String] = []
        var hasNumber = false
        for part in name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            if part.allSatisfy(\.isNumber) { hasNumber = true } else { words.append(String(part)) }
        }
        guard (1...4).contains(words.count) else { return false }
        if words.contains(where: totals.contains) {
            return words.allSatisfy { totals.contains($0) || besides.contains($0) }
        }
        return hasNumber && words.allSatisfy(counted.contains) && words.first != "group"
    }
}
