internal import Crypto
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
            rank: members.integer(.rank), isActive: members.activity(.isActive),
            createdBy: members.integer(.createdBy),
            createdOn: members.integer(.createdOn) ?? createdOnText.flatMap(Self.milliseconds),
            createdOnDateTime: createdOnText,
            lastUpdatedBy: members.integer(.lastUpdatedBy), lastUpdatedOn: members.integer(.lastUpdatedOn),
            lastUpdatedOnDateTime: members.lenient(String.self, .lastUpdatedOnDateTime))
        if group?.createdBy == nil, let value = members.lenient(AnyValue.self, .createdBy) {
            group?.createdByDigest = value.digest
        }
    }

    /// A value of JSON, to be compared with others.
    private enum AnyValue: Decodable {
        case text(String), number(Decimal), truth(Bool), list([AnyValue?]), object([String: AnyValue?])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let truth = try? value.decode(Bool.self) {
                self = .truth(truth)
            } else if let number = try? value.decode(Decimal.self) {
                self = .number(number)
            } else if let list = try? value.decode([AnyValue?].self) {
                self = .list(list)
            } else {
                self = .object(try value.decode([String: AnyValue?].self))
            }
        }

        /// The value in one form, whatever the order of members.
        private var form: String {
            switch self {
            case .text(let text): "\"\(text)\""
            case .number(let number): "\(number)"
            case .truth(let truth): "\(truth)"
            case .list(let list): "[\(list.map { $0?.form ?? "" }.joined(separator: ","))]"
            case .object(let members):
                "{"
                    + members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value?.form ?? "")" }
                    .joined(separator: ",") + "}"
            }
        }

        /// The beginning of the form's SHA-256, as a number of 2⁶² at least: no user's id is so high.
        var digest: Int64 {
            let hash = SHA256.hash(data: Array(form.utf8)).prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            return Int64(bitPattern: hash >> 2 | 1 << 62)
        }
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

    /// Whether a group is in use: a truth value, or 1 or 0, as a string, too.
    func activity(_ key: Key) -> Bool? { flag(key) ?? integer(key).flatMap { [0: false, 1: true][$0] } }

    /// Whether the member is null.
    func isNull(_ key: Key) -> Bool {
        do { return try decodeNil(forKey: key) } catch { return false }
    }
}
