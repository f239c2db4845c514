internal import NIOCore

/// The HTTP call of a ``PendingCreate``.
final class CreateCall: HTTPCall {
    let create: PendingCreate
    /// The requests that the create has cost, this one not counted.
    let costs: Int
    /// Whether a 401 rejected the token of an earlier call for the same create.
    let isSecond: Bool
    /// The token that it was sent with; nil with other credentials, and before it is sent.
    private(set) var token: TokenSource.Token?
    private let worker: CreateWorker

    /// The id of all calls of this type: other calls have ids from 1.
    private static let callID: UInt64 = 0

    init(_ waiting: CreateWorker.Waiting, worker: CreateWorker, timeout: TimeAmount) {
        create = waiting.create
        costs = waiting.requests
        isSecond = waiting.isSecond
        self.worker = worker
        super.init(id: Self.callID, begun: .now(), timeout: timeout, acceptsPlain: true, name: waiting.create.name)
    }

    override func write(to buffer: inout ByteBuffer) -> Bool {
        guard worker.write(self, to: &buffer) else { return false }
        token = worker.token
        return true
    }

    override func ended(_ ending: Ending, at end: NIODeadline, after nameBefore: String?) -> Bool {
        worker.ended(self, ending, at: end, after: nameBefore)
    }

    override func freed() { worker.pump() }
}
