import Foundation

/// A value of a run's metadata, as each store keeps it: a key, and a text.
struct MetadataField: Sendable {
    private var key: String
    private var text: @Sendable (RunMetadata) throws -> String?
    /// Puts the text in; false where it is not what the key has.
    private var put: @Sendable (String, inout RunMetadata) throws -> Bool

    private init(_ key: String, _ path: any WritableKeyPath<RunMetadata, String?> & Sendable) {
        self.key = key
        text = { $0[keyPath: path] }
        put = {
            $1[keyPath: path] = $0; return true
        }
    }

    private init<Value: LosslessStringConvertible & Sendable>(
        _ key: String, _ path: any WritableKeyPath<RunMetadata, Value?> & Sendable
    ) {
        self.key = key
        text = { $0[keyPath: path].map(String.init) }
        put = {
            $1[keyPath: path] = Value($0); return $1[keyPath: path] != nil
        }
    }

    private init<Value: RawRepresentable<String> & Sendable>(
        named key: String, _ path: any WritableKeyPath<RunMetadata, Value?> & Sendable
    ) {
        self.key = key
        text = { $0[keyPath: path]?.rawValue }
        put = {
            $1[keyPath: path] = Value(rawValue: $0); return $1[keyPath: path] != nil
        }
    }

    private init<Value: Codable & Sendable>(
        json key: String, _ path: any WritableKeyPath<RunMetadata, Value?> & Sendable
    ) {
        self.key = key
        text = { metadata in
            try metadata[keyPath: path].map { value in
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                return String(decoding: try encoder.encode(value), as: UTF8.self)
            }
        }
        put = { text, metadata in
            metadata[keyPath: path] = try JSONDecoder().decode(Value.self, from: Data(text.utf8))
            return true
        }
    }

    private static let all: [Self] = [
        Self("run", \.run), Self("started", \.started), Self("started_at", \.startedAt), Self("scope", \.scope),
        Self(json: "configuration", \.configuration), Self(named: "state", \.phase), Self(named: "input", \.reading),
        Self("damage", \.damage), Self("near_duplicates", \.nearDuplicates),
        Self("suspicious", \.suspicious), Self(json: "columns", \.columns),
        Self(json: "noted_names", \.notedNames), Self("activity_unheeded", \.activityUnheeded),
        Self(json: "rows", \.rows), Self(json: "copies", \.copies),
        Self(json: "corrects", \.corrects),
        Self("alive_at", \.aliveAt),
        Self("listed_at", \.listedAt), Self("compared", \.isCompared), Self("exit", \.exit),
        Self("summary", \.summary), Self("requests", \.requests), Self("retries", \.retries),
        Self("throttled", \.throttled),
    ]

    /// The texts of what `change` holds, by their keys.
    static func texts(of change: RunMetadata) throws -> [(key: String, text: String)] {
        try all.compactMap { field in try field.text(change).map { (field.key, $0) } }
    }

    /// Puts a text in; false where there is no such key, or the text is not what the key has.
    static func put(_ text: String, of key: String, into metadata: inout RunMetadata) throws -> Bool {
        guard let field = all.first(where: { $0.key == key }) else { return false }
        return try field.put(text, &metadata)
    }
}
