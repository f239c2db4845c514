package import RewardsClient

extension Verification {
    /// Pages of the list that are read at once.
    private static let pagesAtOnce = 4

    /// What differs between the groups that the run created or changed and the target's list, which is read page
    /// by page; where it moves faster than that, what it didn't show is read group by group. What a correction of the
    /// run has changed since is no difference.
    ///
    /// - Parameter note: receives what corrections have changed, and which of them can't be read.
    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` if the list can't be read to its end; what the ledger
    ///   throws.
    package func againstTarget(
        _ client: RewardsClient, stop: StopSwitch, note: @escaping (String) -> Void
    ) async throws -> Differences {
        var differences = Differences()
        // What would be taken back says what each group should be until then.
        var own: [Int64: GroupUpdate] = [:]
        var last: Int64 = 0
        while case let chunk = try await ledger.reversals(
            after: last, limit: UndoPreview.chunk, withInactive: true, withPresent: false),
            let end = chunk.last
        {
            for update in chunk { own[update.id] = update }
            last = end.recordNumber
        }
        guard !own.isEmpty else { return differences }
        let changes = try await CorrectedGroups(of: self, among: own, note)
        var explained = CappedNotices(note: note)
        let reader = PageReader(
            client: client, rate: nil, environment: environment, stop: stop, progress: RunProgress())
        var list = TargetList(reader, concurrency: Self.pagesAtOnce)
        let ending = try await list.read { page in
            for group in page {
                guard let expected = own.removeValue(forKey: group.id) else { continue }
                compare(group, expected, changes, &differences, &explained)
            }
        }
        if ending != .complete {
            // A list that moves may have hidden them.
            for expected in own.values.sorted(by: { $0.recordNumber < $1.recordNumber }) {
                guard let group = try await reader.group(expected.id) else { continue }
                own[expected.id] = nil
                compare(group, expected, changes, &differences, &explained)
            }
        }
        explained.tellRest("that corrections of this run changed")
        for group in own.values.sorted(by: { $0.recordNumber < $1.recordNumber }) {
            differences.add(
                "groups missing", "record \(group.recordNumber), group \(group.id): the target's list doesn't have it")
        }
        return differences
    }

    /// Adds what differs of a group that the run created or changed.
    private func compare(
        _ group: RewardGroup, _ update: GroupUpdate, _ changes: CorrectedGroups, _ differences: inout Differences,
        _ explained: inout CappedNotices
    ) {
        var expected = update.from
        let place = "record \(update.recordNumber), group \(group.id)"
        if let change = changes.change(of: group) {
            if change.state != expected {
                explained.add(
                    """
                    \(place): it has \(change.state) now, had \(expected): run \(change.run), which corrects this \
                    one, changed it
                    """)
            }
            expected = change.state
        }
        // By their bytes: to Swift, two forms of one letter are the same.
        if !group.name.hasBytes(of: update.name) {
            differences.add(
                "other names",
                "\(place): its name is \"\(Shown.text(group.name))\" now, was \"\(Shown.text(update.name))\"")
        }
        if group.rank != expected.rank {
            differences.add(
                "other ranks",
                """
                \(place): its rank is \(group.rank.map(String.init) ?? "none") now, was \
                \(expected.rank.map(String.init) ?? "none")
                """
            )
        }
        if let isActive = group.isActive, isActive != expected.isActive {
            differences.add("other activity", "\(place): it is \(isActive ? "" : "not ")active")
        }
    }
}
