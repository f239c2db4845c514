import Foundation

extension RunLocation {
    /// Makes sure that the run is the user's own: a run says where requests go and with which options, so that
    /// somebody who could plant or change one would be sent the credentials.
    ///
    /// The directory and the file of its ledger must be owned by the user and not be writable by others, and a link
    /// that leads to the directory must be the user's too.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    package func requireOwn() throws(RunError) {
        let user = geteuid()
        guard var status = FileStatus(ofLink: path) else { return }
        if status.kind == S_IFLNK {
            guard status.userID == user else { throw Self.foreign("\(path) is a link of another user's", path) }
            guard let target = FileStatus(path) else { return }
            status = target
        }
        try Self.check(path, status, user)
        guard let ledger = FileStatus(ofLink: ledgerFile) else { return }
        guard ledger.isFile else { throw Self.foreign("\(ledgerFile) isn't a file", ledgerFile) }
        try Self.check(ledgerFile, ledger, user)
    }

    private static func check(_ path: String, _ status: FileStatus, _ user: uid_t) throws(RunError) {
        guard status.userID == user else {
            throw foreign("\(path) belongs to another user", path, remedy: "if you trust it: chown \(user) \(path)")
        }
        guard !status.isWritableByOthers else {
            throw foreign("others may write to \(path)", path, remedy: "if you trust it: chmod go-w \(path)")
        }
    }

    private static func foreign(_ finding: String, _ path: String, remedy: String? = nil) -> RunError {
        RunError(
            .untrusted,
            """
            \(finding), so the run there may not be yours, and your credentials would go where it says; nothing was done
            """, naming: .path(path), remedy: remedy)
    }
}
