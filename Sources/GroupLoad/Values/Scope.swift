import Foundation
import RewardsClient

/// What no two runs work on at once: the target, and the till or key; never a secret.
///
/// Two spellings of one target are one scope: the scheme and the host are in lower case, the scheme's own port and a
/// final dot or slash are left out, and every name of this machine's loopback is `localhost`.
package struct Scope: Sendable, Hashable, CustomStringConvertible {
    /// The target's URL in its canonical form.
    package let target: String
    /// The till or key as it was given.
    package let keyID: String

    /// Makes the scope of a target in any spelling.
    package init(target: String, keyID: String) {
        self.target = Self.canonical(target)
        self.keyID = keyID
    }

    /// Reads what a ledger keeps: the target, a space, and the till or key.
    package init(text: String) {
        let parts = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(target: String(parts.first ?? ""), keyID: parts.count > 1 ? String(parts[1]) : "")
    }

    /// `TARGET KEY`, the same for every spelling of the target.
    package var canonical: String { "\(target) \(keyID)" }
    package var description: String { canonical }

    package static func == (first: Scope, second: Scope) -> Bool {
        first.canonical.hasBytes(of: second.canonical)
    }

    package func hash(into hasher: inout Hasher) { for byte in canonical.utf8 { hasher.combine(byte) } }

    private static func canonical(_ target: String) -> String {
        guard let mark = target.firstRange(of: "://") else { return target }
        let scheme = target[..<mark.lowerBound].lowercased()
        var rest = target[mark.upperBound...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        var (host, port) = (rest, rest[rest.endIndex...])
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = rest[rest.index(after: rest.startIndex)..<end]
            port = rest[rest.index(after: end)...].drop { $0 == ":" }
        } else if let colon = rest.lastIndex(of: ":") {
            host = rest[..<colon]
            port = rest[rest.index(after: colon)...]
        }
        let number = Int(port)
        let isOwn = port.isEmpty || number == (scheme == "https" ? 443 : scheme == "http" ? 80 : nil)
        return "\(scheme)://\(canonicalHost(host.lowercased()))"
            + (isOwn ? "" : ":\(number.map(String.init) ?? String(port))")
    }

    private static func canonicalHost(_ text: String) -> String {
        var host = text
        while host.hasSuffix(".") { host.removeLast() }
        if host == "localhost" || host.hasSuffix(".localhost") { return "localhost" }
        var six = in6_addr()
        // Safe, here and below: the text ends with NUL for the call, which fills a structure of this function's.
        if unsafe inet_pton(AF_INET6, host, &six) == 1 {
            let bytes = unsafe withUnsafeBytes(of: &six) { unsafe Array($0) }
            let isMapped = bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xff, 0xff])
            if bytes == [UInt8](repeating: 0, count: 15) + [1] || isMapped && bytes[12] == 127 { return "localhost" }
            return unsafe "[\(Self.text(AF_INET6, &six, INET6_ADDRSTRLEN) ?? host)]"
        }
        var four = in_addr()
        // Also the short forms, such as 127.1, which the system's look-up takes for addresses.
        if host.first?.isNumber == true, unsafe inet_aton(host, &four) == 1 {
            if unsafe withUnsafeBytes(of: &four, { unsafe $0.first }) == 127 { return "localhost" }
            return unsafe Self.text(AF_INET, &four, INET_ADDRSTRLEN) ?? host
        }
        return host
    }

    private static func text(_ family: CInt, _ address: UnsafeRawPointer, _ bytesMax: CInt) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(bytesMax))
        // Safe: the address is of the family and lent for the call, which writes at most `bytesMax`, NUL included.
        guard unsafe inet_ntop(family, address, &buffer, socklen_t(bytesMax)) != nil else { return nil }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
