internal import NIOCore

/// One request on its way over a connection of the pool. Confined to the pool's event loop, as is all that it calls. A
/// subclass says what is sent and what becomes of the response.
class HTTPCall {
    /// How a call ended.
    enum Ending {
        /// A plain response, whose bytes stand in the buffer; only for a call that takes it so.
        case plain(PlainAnswer, ByteBuffer)
        case whole(TransportAnswer)
        case failed(TransportFailure)
    }

    /// For ``ConnectionPool/cancel(_:)``; 0 for one that is never cancelled by itself.
    let id: UInt64
    let begun: NIODeadline
    let timeout: TimeAmount
    /// Whether ``Ending/plain(_:_:)`` is wanted where the response allows it.
    let takesPlain: Bool
    /// The group's name that it sends, where it sends one.
    let name: String?
    /// Whether the response's head has come.
    var hasHead = false
    /// When it was written to its connection, in epoch milliseconds; nil before.
    var sentAt: Int64?

    init(id: UInt64, begun: NIODeadline, timeout: TimeAmount, takesPlain: Bool, name: String?) {
        self.id = id
        self.begun = begun
        self.timeout = timeout
        self.takesPlain = takesPlain
        self.name = name
    }

    /// Writes the whole request; false where it can't be sent now, and gets another call later. Nothing may be written
    /// then.
    func write(to buffer: inout ByteBuffer) -> Bool { preconditionFailure("a call writes its request") }

    /// Reads the response, or takes in that there is none. Called once, before the connection carries another call.
    ///
    /// - Parameter nameBefore: the name that the call before sent on the same connection.
    /// - Returns: whether the response is this call's, so that the connection may carry another.
    func ended(_ ending: Ending, after nameBefore: String?) -> Bool { preconditionFailure("a call takes its response") }

    /// Called after ``ended(_:after:)``, when the connection can carry the next call.
    func freed() {}

    /// Ends a call that no connection carries.
    func fail(_ failure: TransportFailure) {
        _ = ended(.failed(failure), after: nil)
        freed()
    }

    /// The head must come within the time-out, the whole response within twice that.
    var deadline: NIODeadline { begun + (hasHead ? timeout + timeout : timeout) }
}
