/// The `Retry-After` header (RFC 9110, 10.2.3): seconds, or an HTTP date.
enum RetryAfter {
    /// The longest wait that is told, a year: what a caller waits at most is its own to bound.
    static let waitMax: Duration = .seconds(366 * 86_400)

    /// The wait, 0 to `waitMax`; nil for an absent or unreadable header.
    /// - Parameter now: epoch seconds: the response's own `Date`, or else the machine's clock.
    static func wait(_ header: String?, now: @autoclosure () -> Int64) -> Duration? {
        guard let text = header?.trimmed else { return nil }
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // Too many digits for Int64 is a long wait, not an unreadable one.
            return min(waitMax, .seconds(Int64(text) ?? .max))
        }
        guard let date = HTTPDate.epochSeconds(text) else { return nil }
        return min(waitMax, max(.zero, .seconds(date - now())))
    }
}

extension String {
    fileprivate var trimmed: String {
        let blanks: Set<Character> = [" ", "\t"]
        return String(drop(while: blanks.contains).reversed().drop(while: blanks.contains).reversed())
    }
}
