extension Verification {
    /// What differs between a file of metrics and what the run's summary says.
    ///
    /// - Throws: what the ledger throws.
    package func differences(in metrics: MetricsFile) async throws -> Differences {
        var differences = Differences()
        guard let summary = try await ledger.metadata().decodedSummary() else {
            differences.add("metrics", "\(metrics.path) can't be compared: the run has not finished")
            return differences
        }
        for finding in metrics.differences(from: summary) { differences.add("metrics", finding) }
        return differences
    }
}
