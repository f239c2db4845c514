import Synchronization

/// Counts of requests by route and status; bounded by the routes and statuses that there are.
final class RequestTally: Sendable {
    private let counts = Mutex<[String: [Int: Int]]>([:])

    func count(_ route: Route, status: Int) {
        guard let name = route.tallyName else { return }
        counts.withLock { $0[name, default: [:]][status, default: 0] += 1 }
    }

    /// `{"POST /group/create":{"200":5,"400":1}}`, sorted.
    func json() -> JSONText {
        let counts = self.counts.withLock { $0 }
        var text = JSONText()
        text.beginObject()
        for (route, statuses) in counts.sorted(by: { $0.key < $1.key }) {
            text.name(route)
            text.beginObject()
            for (status, count) in statuses.sorted(by: { $0.key < $1.key }) {
                text.member(String(status), count)
            }
            text.endObject()
        }
        text.endObject()
        return text
    }
}
