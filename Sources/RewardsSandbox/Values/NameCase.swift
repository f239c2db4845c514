/// The rule by which two group names are the same.
package enum NameCase: String, Sendable, CaseIterable {
    /// Names are the same when their UTF-8 bytes are.
    case caseSensitive = "case-sensitive"
    /// Names are the same when their full case foldings are, in every script.
    case caseInsensitive = "case-insensitive"
}
