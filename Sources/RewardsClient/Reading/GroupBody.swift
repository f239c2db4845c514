internal import FoundationEssentials

/// A group object; `group` is nil where it has no integer `id`.
struct GroupBody: Decodable {
    var group: RewardGroup?

    private enum Keys: String, CodingKey {
        case id, orgId, name, rank, isActive, createdBy, createdOn, createdOnDateTime
        case lastUpdatedBy, lastUpdatedOn, lastUpdatedOnDateTime
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        guard let id = members.integer(.id) else { return }
        let createdOnText = members.lenient(String.self, .createdOnDateTime)
        group = RewardGroup(
            id: id, orgId: members.integer(.orgId), name: members.lenient(String.self, .name) ?? "",
            rank: members.integer(.rank), isActive: members.lenient(Bool.self, .isActive),
            createdBy: members.integer(.createdBy),
            createdOn: members.integer(.createdOn) ?? createdOnText.flatMap(Self.milliseconds),
            createdOnDateTime: createdOnText,
            lastUpdatedBy: members.integer(.lastUpdatedBy), lastUpdatedOn: members.integer(.lastUpdatedOn),
            lastUpdatedOnDateTime: members.lenient(String.self, .lastUpdatedOnDateTime))
    }

    /// The epoch milliseconds of an instant in RFC 3339's form, with or without a fraction of the second.
    private static func milliseconds(_ text: String) -> Int64? {
        let instant =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return instant.map { Int64(($0.timeIntervalSince1970 * 1_000).rounded()) }
    }
}

extension KeyedDecodingContainer {
    /// The member, or nil where it is absent, null or of another type.
    func lenient<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        guard contains(key) else { return nil }
        do { return try decodeIfPresent(type, forKey: key) } catch { return nil }
    }

    /// An integer, or a string of one, exactly.
    func integer(_ key: Key) -> Int64? {
        lenient(Int64.self, key) ?? lenient(String.self, key).flatMap { Int64($0) }
    }

    /// A truth value, or a string of one.
    func flag(_ key: Key) -> Bool? {
        lenient(Bool.self, key) ?? lenient(String.self, key).flatMap { Bool($0.lowercased()) }
    }

    /// Whether the member is null.
    func isNull(_ key: Key) -> Bool {
        do { return try decodeNil(forKey: key) } catch { return false }
    }
}
