/// The words that say whether a group is active, regardless of case.
enum ActivityWord {
    private static let yes: Set<String> = [
        "true", "t", "yes", "y", "1", "1.0", "x", "on", "active", "enabled", "ja", "j", "oui", "si", "sí", "sì", "sim",
        "tak",
        "da",
        "да", "wahr", "vrai", "verdadero", "verdadeiro", "vero", "aktiv", "actif", "activo", "attivo", "ativo", "✓",
        "✔",
        "☑", "✅",
    ]
    private static let no: Set<String> = [
        "false", "f", "no", "n", "0", "0.0", "off", "inactive", "disabled", "nein", "non", "não", "nao", "nie", "нет",
        "falsch", "faux", "falso", "inaktiv", "inactif", "inactivo", "inattivo", "inativo", "✗", "✘", "☐", "❌",
    ]

    /// What a word says; nil for one that says nothing of it.
    static func value(_ word: String) -> Bool? {
        let word = word.lowercased()
        return yes.contains(word) ? true : no.contains(word) ? false : nil
    }

    /// The words that a message names.
    static let forms =
        "yes, true, active, on, x or 1, or no, false, inactive, off or 0, or yes or no in another language "
        + "(ja, oui, sí, nein, non)"
}
