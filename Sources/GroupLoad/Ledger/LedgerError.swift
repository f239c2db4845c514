/// An error of a ledger's store: it can't be read or written.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
    /// What the store says, without the query that it came of.
    package var reason: String
    /// What the store says in full.
    package var description: String
    /// PostgreSQL's SQLSTATE (PostgreSQL 15, appendix A); nil where there is none.
    var state: String?

    /// Makes an error; without a description the reason is all that is known.
    package init(reason: String, description: String? = nil) {
        self.reason = reason
        self.description = description ?? reason
    }

    /// The error that ends a run whose ledger can't be written any more.
    ///
    /// - Parameter directory: the run's, where no other message names it.
    package static func lost(to error: any Error, in directory: String? = nil) -> RunError {
        let remedy = remedy(error) ?? "free space, close what holds it open, or see that its database is up"
        return RunError(
            .ledgerUnusable, "the ledger can't be used: \(error)", naming: directory.map { .path($0) },
            remedy: "\(remedy); then resume the run" + (directory.map { "; see \($0)" } ?? ""))
    }

    /// What an error says of a ledger, without the query that it came of.
    package static func reason(_ error: any Error) -> String {
        switch error {
        case let error as RunError: "\(error)"
        case let error as LedgerError: error.reason
        case is DecodingError: "it holds what a ledger doesn't"
        default: "\(error)"
        }
    }

    /// What to say of a ledger that can't be read.
    package static func unreadable(_ path: String, _ error: any Error) -> RunError {
        if let error = error as? RunError { return error }
        return RunError(
            .ledgerUnusable, "can't read the ledger \(path): \(reason(error))", naming: .path(path),
            remedy: remedy(error) ?? "see that it is whole and may be read")
    }

    /// What to do about an error of which the database says enough; nil for any other.
    static func remedy(_ error: any Error) -> String? {
        switch (error as? LedgerError)?.state {
        case "42501": "have the database's owner make the schema, and grant the role USAGE and CREATE on it"
        case "53100": "free space on the database's disk"
        case "53300": "let the database take more connections: each process of a run has three"
        default: nil
        }
    }

    /// The error to end with where `error` is of a ledger that can't be read; nil where it is another.
    package static func failure(of error: any Error) -> RunError? {
        guard error is LedgerError || error is DecodingError else { return nil }
        return RunError(
            .ledgerUnusable, "a ledger can't be used: \(reason(error))",
            remedy: remedy(error) ?? "see that it is whole and may be read")
    }
}
