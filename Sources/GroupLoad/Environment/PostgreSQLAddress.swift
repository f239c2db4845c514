import Foundation

/// Which PostgreSQL database holds ledgers, and in which schema of it.
///
/// It is written as libpq's URI (PostgreSQL 15, section 34.1.1.2), with one parameter of ours: `schema`. Whatever else
/// libpq can be told stays with libpq: `sslmode` and the other parameters of the URI, `PGPASSFILE`, `PGSERVICE`,
/// `PGSSLROOTCERT` and the rest of its environment.
package struct PostgreSQLAddress: Sendable, Hashable {
    /// The schema where an address names none.
    package static let schemaDefault = "groupload"

    /// What libpq connects to: the URI without the parameter `schema`.
    package let uri: String
    /// The schema that the tables are in, as it is; 1 to 63 bytes of UTF-8 without NUL.
    package let schema: String

    /// Whether a text is meant as such an address.
    package static func isAddress(_ text: String) -> Bool {
        ["postgresql://", "postgres://"].contains { text.lowercased().hasPrefix($0) }
    }

    /// Reads an address that was given on the command line.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/usage`` where it isn't one, or has a password in it: others can read a
    ///   command line.
    package init(_ text: String) throws(RunError) {
        guard Self.isAddress(text) else {
            throw RunError(
                .usage, "the ledger's address doesn't begin with postgresql://",
                remedy: "write --ledger 'postgresql://HOST/DATABASE'")
        }
        // By hand: libpq takes forms that RFC 3986 doesn't, several hosts among them.
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let start = parts[0].firstRange(of: "://").map { $0.upperBound } ?? parts[0].startIndex
        let authority = parts[0][start...].prefix { $0 != "/" }
        let user = authority.firstIndex(of: "@").map { authority[..<$0] }
        let items = parts.count > 1 ? parts[1].split(separator: "&") : []
        let names = items.map { item in
            let name = String(item.prefix { $0 != "=" })
            return (name.removingPercentEncoding ?? name).lowercased()
        }
        if user?.contains(":") == true || names.contains(where: { ["password", "sslpassword"].contains($0) }) {
            throw RunError(
                .usage, "the ledger's address holds a password, which other users of this machine can read",
                remedy:
                    "leave it out, and name a file that holds it in PGPASSFILE (mode 0600), or a service in PGSERVICE")
        }
        var schema = Self.schemaDefault
        for (name, item) in zip(names, items) where name == "schema" {
            schema = item.drop { $0 != "=" }.dropFirst().removingPercentEncoding ?? ""
        }
        guard (1...63).contains(schema.utf8.count), !schema.utf8.contains(0), !schema.hasPrefix("pg_") else {
            throw RunError(
                .usage, "the ledger's address names a schema that PostgreSQL can't have",
                remedy: "give ?schema= a name of 1 to 63 bytes that doesn't begin with pg_")
        }
        let kept = zip(names, items).filter { $0.0 != "schema" }.map { $0.1 }
        uri = String(parts[0]) + (kept.isEmpty ? "" : "?" + kept.joined(separator: "&"))
        self.schema = schema
    }

    /// The schema's name as SQL has it.
    var quotedSchema: String { "\"" + schema.replacingOccurrences(of: "\"", with: "\"\"") + "\"" }
}

extension PostgreSQLAddress: CustomStringConvertible {
    /// The address as it is shown: it holds no password.
    package var description: String {
        if schema == Self.schemaDefault { return uri }
        // What RFC 3986 (2.3) calls unreserved stays.
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~"))
        let name = schema.addingPercentEncoding(withAllowedCharacters: plain) ?? schema
        return uri + (uri.contains("?") ? "&" : "?") + "schema=\(name)"
    }
}
