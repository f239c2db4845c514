extension WholeList {
    /// Finds the runs that correct the one at `location`, directly or by way of others, among those that are known on
    /// its scope, and what they made of its records.
    ///
    /// Memory goes with the records that were to be corrected.
    ///
    /// - Parameter note: receives a message for each run that can't be read.
    /// - Returns: nil where no run corrects it.
    /// - Throws: what the run's own ledger throws.
    package static func find(
        of location: RunLocation, _ environment: [String: String], note: (String) -> Void
    ) async throws -> WholeList? {
        let ledger = try StoredLedger.read(at: location.ledger)
        let metadata = try await ledger.metadata()
        guard let run = metadata.run, let scope = metadata.scope else { return nil }
        let corrections = corrections(
            of: run,
            ScopeRuns.others(
                scope: scope, environment: environment, excluding: location.path,
                ledger: try location.ledger))
        guard !corrections.isEmpty else {
            try ledger.closeReading()
            return nil
        }
        let counts = try await ledger.counts()
        var fates = try await ledger.read { try CorrectedFates(of: run, records: counts.sum, $0) }
        try ledger.closeReading()
        var runs: [String] = []
        for (location, id) in corrections {
            do {
                let ledger = try StoredLedger.read(at: location.ledger)
                fates = try await ledger.read { [fates] in try fates.corrected(by: id, $0) }
                try ledger.closeReading()
                runs.append(id)
            } catch {
                note("\(location) can't be read and is passed over: \(LedgerError.reason(error))")
            }
        }
        return fates.whole(runs, counts)
    }

    /// The runs that correct one, or each other, in the order of their start.
    static func corrections(of run: String, _ others: [RunLocation]) -> [(RunLocation, String)] {
        var candidates: [(location: RunLocation, metadata: RunMetadata)] = []
        for location in others {
            do throws(RunError) {
                let metadata = try StoredLedger.metadata(at: location.ledger)
                if metadata.corrects != nil { candidates.append((location, metadata)) }
            } catch {
                // What can't be read says of no run that it corrects it.
                continue
            }
        }
        candidates.sort {
            ($0.metadata.startedAt ?? 0, $0.metadata.run ?? "") < ($1.metadata.startedAt ?? 0, $1.metadata.run ?? "")
        }
        // A run starts after those that it corrects.
        var family: Set<String> = [run]
        var found: [(RunLocation, String)] = []
        for (location, metadata) in candidates {
            guard let id = metadata.run, !family.isDisjoint(with: metadata.corrects ?? []) else { continue }
            family.insert(id)
            found.append((location, id))
        }
        return found
    }
}
