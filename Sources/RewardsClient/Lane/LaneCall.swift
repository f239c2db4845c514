internal import NIOCore

/// A create on its way.
final class LaneCall: HTTPCall {
    let create: LaneCreate
    /// The requests that the create has cost, this one not counted.
    let costs: Int
    /// Whether it was sent before, and refused for its token.
    let isSecond: Bool
    /// The token that it was sent with; nil with other credentials, or before.
    private(set) var token: TokenSource.Token?
    private let worker: LaneWorker

    /// The calls of a lane in the pool: others have ids from 1.
    private static let callID: UInt64 = 0

    init(_ waiting: LaneWorker.Waiting, worker: LaneWorker, timeout: TimeAmount) {
        create = waiting.create
        costs = waiting.requests
        isSecond = waiting.isSecond
        self.worker = worker
        super.init(id: Self.callID, begun: .now(), timeout: timeout, takesPlain: true, name: waiting.create.name)
    }

    override func write(to buffer: inout ByteBuffer) -> Bool {
        guard worker.write(self, to: &buffer) else { return false }
        token = worker.token
        return true
    }

    override func ended(_ ending: Ending, after nameBefore: String?) -> Bool {
        worker.ended(self, ending, after: nameBefore)
    }

    override func freed() { worker.pump() }
}
