import CPQ
import Foundation

/// A connection of libpq: opened when it is first needed, opened again where it was lost, and closed exactly once.
///
/// Safe, wherever it says `unsafe`: the handle lives until ``close()`` or deinit, and is used by the connection's queue
/// alone.
@safe struct PostgreSQLConnection: ~Copyable {
    /// What it connects to.
    let address: PostgreSQLAddress
    private var handle: OpaquePointer?
    /// Since when it can't be opened; nil where it could be the last time.
    private(set) var downSince: ContinuousClock.Instant?

    /// A connection to be opened.
    init(_ address: PostgreSQLAddress) { self.address = address }

    deinit { if let handle = unsafe handle { unsafe PQfinish(handle) } }

    /// Whether it is open, as far as is known.
    var isOpen: Bool {
        guard let handle = unsafe handle else { return false }
        return unsafe PQstatus(handle) == CONNECTION_OK
    }

    /// Closes it; the next use opens it again.
    mutating func close() {
        if let handle = unsafe handle { unsafe PQfinish(handle) }
        unsafe handle = nil
    }

    /// What statements are run by; opens the connection where it isn't open.
    mutating func session() throws(LedgerError) -> PostgreSQLSession {
        if !isOpen { try open() }
        guard let handle = unsafe handle else { throw LedgerError(reason: "there is no connection to the database") }
        return unsafe PostgreSQLSession(handle)
    }

    private mutating func open() throws(LedgerError) {
        close()
        let settings = Self.settings + [("dbname", address.uri)]
        let keywords = unsafe settings.map { unsafe strdup($0.0) } + [nil]
        let values = unsafe settings.map { unsafe strdup($0.1) } + [nil]
        // Safe: both lists end with NULL, and their texts stay until libpq has copied them.
        unsafe handle = PQconnectdbParams(
            keywords.map { unsafe UnsafePointer($0) }, values.map { unsafe UnsafePointer($0) }, 1)
        unsafe (keywords + values).forEach { unsafe free($0) }
        guard let handle = unsafe handle else { throw LedgerError(reason: "memory is short") }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            let message = unsafe String(cString: PQerrorMessage(handle))
            close()
            downSince = downSince ?? .now
            // One line of it: libpq gives several.
            throw LedgerError(reason: Shown.text(message.split(whereSeparator: \.isWhitespace).joined(separator: " ")))
        }
        downSince = nil
        // Notices are nothing that a user asked for, and standard error is ours.
        unsafe PQsetNoticeProcessor(handle, { _, _ in }, nil)
    }

    /// What is asked of libpq where the address doesn't say otherwise: a database that has gone is noticed within
    /// half a minute (seconds, but `tcp_user_timeout`: milliseconds).
    private static let settings = [
        ("connect_timeout", "10"), ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "30000"), ("fallback_application_name", "groupload"), ("client_encoding", "UTF8"),
    ]
}
