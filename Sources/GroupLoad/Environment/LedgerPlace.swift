/// Where the ledger of a run is.
package enum LedgerPlace: Sendable, Hashable {
    /// In an SQLite file of this path.
    case file(String)
    /// In a PostgreSQL database, where the run goes by its name.
    case database(PostgreSQLAddress, run: String)

    /// The file of a run directory that holds the ledger itself.
    package static let fileName = "ledger.sqlite"
    /// The file of a run directory that says where the ledger is: two lines, a database's address (without a
    /// password) and the run's name there.
    package static let addressName = "ledger.url"

    /// All files of a run directory that are a ledger's.
    static let files = [fileName, "\(fileName)-journal", "\(fileName)-wal", "\(fileName)-shm", addressName]

    /// Bytes that are read of a file of that name, at most.
    private static let addressBytesMax = 16_384

    /// Reads a file that says in which database a ledger is.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/unusable``.
    init(reading path: String) throws(RunError) {
        let lines = SystemCall.contents(path, bytesMax: Self.addressBytesMax)
            .map { String(decoding: $0, as: UTF8.self) }?
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard let lines, lines.count == 3, lines[2].isEmpty, !lines[1].isEmpty else {
            throw RunError(
                .ledgerUnusable, "\(path) doesn't say where the run's ledger is", naming: .path(path),
                remedy: "it has two lines: the address of the database, and the run's id")
        }
        let address: PostgreSQLAddress
        do { address = try PostgreSQLAddress(String(lines[0])) } catch {
            throw RunError(
                .ledgerUnusable, "\(path) doesn't say where the run's ledger is: \(error.message)",
                naming: .path(path), remedy: error.remedy)
        }
        self = .database(address, run: String(lines[1]))
    }
}

extension LedgerPlace: CustomStringConvertible {
    /// The place as it is shown: a path, or an address and a run.
    package var description: String {
        switch self {
        case .file(let path): path
        case .database(let address, let run): "\(address), run \(run)"
        }
    }
}
