internal import NIOCore

/// One request on its way over a connection of the pool. Confined to the pool's event loop, as is all that it calls.
final class HTTPCall {
    /// How a call ended.
    enum Ending {
        /// A plain answer, whose bytes stand in the buffer; only for a call that takes it so.
        case plain(PlainAnswer, ByteBuffer)
        case whole(TransportAnswer)
        case failed(TransportFailure)
    }

    /// For ``ConnectionPool/cancel(_:)``; 0 for one that is never cancelled by itself.
    let id: UInt64
    let begun: NIODeadline
    let timeout: TimeAmount
    /// Whether ``Ending/plain(_:_:)`` is wanted where the answer allows it.
    let takesPlain: Bool
    /// Writes the whole request.
    let write: (inout ByteBuffer) -> Void
    /// Told once how the call ended. The connection can carry the next call by then.
    let ended: (HTTPCall, Ending) -> Void
    /// Whether the answer's head has come.
    var hasHead = false
    /// When it was written to its connection, in epoch milliseconds; nil before.
    var sentAt: Int64?

    init(
        id: UInt64, begun: NIODeadline, timeout: TimeAmount, takesPlain: Bool,
        write: @escaping (inout ByteBuffer) -> Void, ended: @escaping (HTTPCall, Ending) -> Void
    ) {
        self.id = id
        self.begun = begun
        self.timeout = timeout
        self.takesPlain = takesPlain
        self.write = write
        self.ended = ended
    }

    /// Tells how the call ended.
    func end(_ ending: Ending) { ended(self, ending) }

    /// The head must come within the time-out, the whole answer within twice that.
    var deadline: NIODeadline { begun + (hasHead ? timeout + timeout : timeout) }
}
