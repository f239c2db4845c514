extension SandboxConfiguration {
    /// Checks every bound.
    /// - Throws: ``SandboxError`` with the code `configuration`, naming the value and the remedy.
    func validate() throws(SandboxError) {
        guard isLoopback || allowNonLoopback else {
            throw .configuration(
                "host \(host) can be reached from other machines; listen on 127.0.0.1, or allow a non-loopback host")
        }
        guard (0...65_535).contains(port) else {
            throw .configuration("port \(port) is not a port; give one from 0 (any free port) to 65535")
        }
        if let rateLimit, rateLimit.countPerMinute < 1 {
            throw .configuration(
                "a rate limit of \(rateLimit.countPerMinute)/min lets nothing through; give at least 1")
        }
        guard latency >= .zero, latency <= .seconds(600) else {
            throw .configuration("a latency of \(latency) is out of bounds; give one from 0 to 600 seconds")
        }
        guard tokenLifetime >= .seconds(1) else {
            throw .configuration("a token lifetime of \(tokenLifetime) is too short; give at least 1 second")
        }
        guard (1...10_000).contains(listSizeMax) else {
            throw .configuration("a largest list size of \(listSizeMax) is out of bounds; give one from 1 to 10000")
        }
        guard Self.nameRefusalStatuses.contains(nameRefusalStatus) else {
            throw .configuration("an error status of \(nameRefusalStatus) is not one; give 400, 409 or 200")
        }
        guard (0...60_000).contains(staleMilliseconds) else {
            throw .configuration("a list stale for \(staleMilliseconds) ms is out of bounds; give 0 to 60000 ms")
        }
        guard (0...86_400_000).contains(foreignMilliseconds) else {
            throw .configuration("a group of \(foreignMilliseconds) ms ago is out of bounds; give 0 to 86400000 ms")
        }
        guard sessionLoss?.createCount ?? 0 >= 0 else {
            throw .configuration(
                "a session can't be lost after \(sessionLoss?.createCount ?? 0) creates; give 0 or more")
        }
        guard headTimeout > .zero, headTimeout <= .seconds(3600) else {
            throw .configuration("a wait of \(headTimeout) for a request is out of bounds; give up to 3600 seconds")
        }
    }
}
