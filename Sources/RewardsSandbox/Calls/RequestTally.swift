import Synchronization

/// Counts of requests by route and status, and of faults by kind; bounded by the routes, statuses and kinds that there
/// are.
final class RequestTally: Sendable {
    private struct Counts {
        /// By route, then by status; `nil` for a request that got no response.
        var requests: [String: [Int?: Int]] = [:]
        var faults: [String: Int] = [:]
    }

    private let counts = Mutex(Counts())

    /// - Parameter status: `nil` when the connection ends without a byte of a response.
    func count(_ route: Route, status: Int?) {
        guard let name = route.tallyName else { return }
        counts.withLock { $0.requests[name, default: [:]][status, default: 0] += 1 }
    }

    /// - Parameter fault: the name of its kind.
    func count(fault: String) {
        counts.withLock { $0.faults[fault, default: 0] += 1 }
    }

    /// `{"POST /group/create":{"200":5,"400":1,"none":2},"faults":{"lost-after":2}}`, sorted; `faults` once one struck.
    func json() -> JSONText {
        let counts = self.counts.withLock { $0 }
        var text = JSONText()
        text.beginObject()
        for (route, statuses) in counts.requests.sorted(by: { $0.key < $1.key }) {
            text.name(route)
            text.beginObject()
            for (status, count) in statuses.sorted(by: { $0.key ?? .max < $1.key ?? .max }) {
                text.member(status.map { String($0) } ?? "none", count)
            }
            text.endObject()
        }
        if !counts.faults.isEmpty {
            text.name("faults")
            text.beginObject()
            for (kind, count) in counts.faults.sorted(by: { $0.key < $1.key }) { text.member(kind, count) }
            text.endObject()
        }
        text.endObject()
        return text
    }
}
