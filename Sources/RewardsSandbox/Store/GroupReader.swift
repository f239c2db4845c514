import GRDB

/// Reads groups; with a file, beside the writer.
struct GroupReader: Sendable {
    /// A page of the list with the count of all that match.
    struct Page: Sendable {
        let groups: [StoredGroup]
        let totalCount: Int
    }

    private let database: any DatabaseReader
    private let foldsNames: Bool

    init(database: any DatabaseReader, nameCase: NameCase) {
        self.database = database
        foldsNames = nameCase == .caseInsensitive
    }

    func group(id: Int64) async throws -> StoredGroup? {
        try await database.read { try Self.group(id: id, in: $0) }
    }

    static func group(id: Int64, in db: Database) throws -> StoredGroup? {
        let statement = try db.cachedStatement(sql: "SELECT \(StoredGroup.columns) FROM groups WHERE id = ?")
        return try Row.fetchOne(statement, arguments: [id]).map(StoredGroup.init(row:))
    }

    /// The group of a name, under the case rule.
    static func group(name: String, foldsNames: Bool, in db: Database) throws -> StoredGroup? {
        let column = foldsNames ? "nameKey" : "name"
        let statement = try db.cachedStatement(sql: "SELECT \(StoredGroup.columns) FROM groups WHERE \(column) = ?")
        return try Row.fetchOne(statement, arguments: [foldsNames ? nameKey(name) : name]).map(StoredGroup.init(row:))
    }

    /// The page that a list query asks for. Names match by containing the asked one, under the case rule.
    /// - Parameter storedBefore: leaves out groups that were stored at or after this millisecond since 1970.
    func page(_ query: ListQuery, storedBefore: Int64? = nil) async throws -> Page {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if let isActive = query.isActive {
            conditions.append("isActive = ?")
            arguments += [isActive]
        }
        if let name = query.name {
            conditions.append(foldsNames ? "instr(nameKey, ?) > 0" : "instr(name, ?) > 0")
            arguments += [foldsNames ? nameKey(name) : name]
        }
        if let storedBefore {
            conditions.append("coalesce(storedOn, createdOn) < ?")
            arguments += [storedBefore]
        }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let direction = query.isDescending ? "DESC" : "ASC"
        let sort = query.sort == .id ? "id \(direction)" : "\(query.sort.rawValue) \(direction), id \(direction)"
        let pageSQL = "SELECT \(StoredGroup.columns) FROM groups\(filter) ORDER BY \(sort) LIMIT ? OFFSET ?"
        let (size, offset) = (query.size, query.offset)
        return try await database.read { [arguments] db in
            let groups = try Row.fetchAll(
                db.cachedStatement(sql: pageSQL), arguments: arguments + [size, offset]
            ).map(StoredGroup.init(row:))
            // A page that isn't full, and isn't past the end, tells the count without another scan.
            if groups.count < size, offset == 0 || !groups.isEmpty {
                return Page(groups: groups, totalCount: offset + groups.count)
            }
            let count = try Int.fetchOne(
                db.cachedStatement(sql: "SELECT count(*) FROM groups\(filter)"), arguments: arguments)
            return Page(groups: groups, totalCount: count ?? 0)
        }
    }

    /// At most `countMax` groups in order of storing, those after an id.
    func groups(after id: Int64, countMax: Int) async throws -> [StoredGroup] {
        try await database.read { db in
            try Row.fetchAll(
                db.cachedStatement(
                    sql: "SELECT \(StoredGroup.columns) FROM groups WHERE id > ? ORDER BY id LIMIT ?"),
                arguments: [id, countMax]
            ).map(StoredGroup.init(row:))
        }
    }
}
