import RecordFormats

/// Titles that people give to the columns of lists of groups, in the languages that such lists come in.
enum ColumnTitles {
    /// Words of titles that may mean a group's name.
    static let names: Set<String> = [
        "name", "names", "group", "groups", "title", "label", "caption", "gruppe", "gruppen", "gruppenname", "titel",
        "bezeichnung", "groupe", "nom", "titre", "libellé", "libelle", "grupo", "nombre", "título", "titulo", "gruppo",
        "nome", "titolo", "groep", "naam",
    ]
    /// Words of titles that may mean a group's rank.
    static let ranks: Set<String> = [
        "rank", "ranking", "priority", "priorities", "prio", "order", "ordering", "sort", "sorting", "sortorder",
        "sequence", "seq", "position", "pos", "level", "tier", "weight", "importance", "rang", "rangfolge",
        "reihenfolge", "priorität", "prioritaet", "prioritat", "sortierung", "stufe", "ebene", "gewicht", "wichtigkeit",
        "ordre", "priorité", "priorite", "tri", "niveau", "poids", "rango", "orden", "prioridad", "posición",
        "posicion", "nivel", "peso", "ordine", "priorità", "posizione", "livello", "ordem", "prioridade", "posição",
        "nível", "volgorde", "prioriteit", "positie",
    ]
    /// Words of titles that may mean whether a group is active.
    static let activities: Set<String> = [
        "active", "isactive", "activity", "enabled", "disabled", "status", "state", "live", "inactive", "aktiv",
        "aktiviert", "zustand", "inaktiv", "actif", "activé", "statut", "état", "etat", "inactif", "activo",
        "activa", "activado", "estado", "habilitado", "inactivo", "attivo", "attiva", "stato", "abilitato", "ativo",
        "ativa", "actief", "ingeschakeld",
    ]
    /// Words of titles whose integers are keys, counts or times.
    private static let others: Set<String> = [
        "id", "ids", "key", "keys", "code", "codes", "number", "numbers", "no", "nr", "num", "nummer", "numéro",
        "número", "count", "counts", "total", "sum", "anzahl", "summe", "members", "member", "users", "user", "size",
        "year", "month", "day", "date", "time", "timestamp", "created", "updated", "modified", "jahr", "monat", "datum",
        "phone", "tel", "telephone", "mobile", "zip", "plz", "postcode", "age", "alter", "price", "amount", "cost",
        "preis", "betrag", "kosten", "row", "line", "record", "org", "version", "points", "punkte",
    ]
    /// Members of the API's group object beside name, rank and activity, in lower case: an export has them.
    private static let ofAPI: Set<String> = [
        "id", "orgid", "createdby", "createdon", "createdondatetime", "lastupdatedby", "lastupdatedon",
        "lastupdatedondatetime",
    ]

    /// Whether a title is that of a member of the API's group object which an import has no use for.
    static func isOfAPI(_ title: String) -> Bool { ofAPI.contains(title.lowercased()) }

    /// Whether integers under a title are rather keys, counts or times than ranks.
    static func isKeyOrCount(_ title: String) -> Bool {
        TitleWords.of(title).contains { others.contains($0) || $0.hasSuffix("id") || $0.hasSuffix("nummer") }
    }
}
