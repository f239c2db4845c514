/// What is known of a source once reading it has ended.
package struct SourceSummary: Sendable, Codable, Equatable {
    /// The path as given, or `-`.
    package var path: String
    package var format: String
    /// Bytes read, and their SHA-256 in lower-case hexadecimal.
    package var bytes: Int64
    package var sha256: String
    /// The header's texts, for CSV; by their standard names where others were given.
    package var columns: [String]?
}
