// The ledger: a file of the run directory, or a database.
extension Doctor {
    func fileLedgerFinding() -> DoctorFinding {
        guard let path = subject.runDirectory, let run = RunLocation(existing: path) else {
            return .ok(.ledger, "a new file in the run directory, by SQLite, tables of version \(SQLiteLedger.version)")
        }
        do throws(RunError) {
            let metadata = try StoredLedger.metadata(at: run.ledger)
            return .ok(
                .ledger,
                "the run \(metadata.run ?? "without an id") in \(Shown.text(path)) can be read, \(metadata.stateText)")
        } catch {
            return .fail(.ledger, error)
        }
    }

    /// What a run in a database meets: its ledger first, and its lock last.
    func checkDatabase(_ address: PostgreSQLAddress, _ report: inout DoctorReport) async {
        let scope = self.scope.map { Scope(text: $0).canonical }
        let look = await bounded { () -> Result<DatabaseStanding, RunError> in
            do throws(RunError) {
                return .success(try StoredLedger.standing(of: address, scope: scope))
            } catch { return .failure(error) }
        }
        switch look {
        case .success(let standing)?:
            report.add(.ok(.ledger, standing.text))
        case .failure(let error)?: report.add(.fail(.ledger, error))
        case nil:
            report.add(
                .fail(
                    .ledger,
                    RunError(
                        .ledgerUnusable, "the ledger \(address) doesn't respond", naming: .path("\(address)"),
                        remedy: "see that the database is up")))
        }
        for finding in await placeFindings() { report.add(finding) }
        guard case .success(let standing)? = look else {
            return report.add(.notChecked(.lock, "it is in the ledger, which can't be used"))
        }
        guard scope != nil else {
            return report.add(.notChecked(.lock, "the target or the credentials can't be used"))
        }
        if let busy = standing.busy { return report.add(.fail(.lock, busy)) }
        report.add(.ok(.lock, "no other run of this database works on this target with these credentials"))
    }
}
