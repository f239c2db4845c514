internal import NIOCore

/// One request under way over a connection of the pool. Confined to the pool's event loop. A subclass writes the
/// request and reads the response.
class HTTPCall {
    /// The end of a call.
    enum Ending {
        /// A plain response, whose bytes stand in the buffer; only for a call that accepts it.
        case plain(PlainResponse, ByteBuffer)
        case whole(TransportResponse)
        case failed(TransportFailure)
    }

    /// For ``ConnectionPool/cancel(_:)``; 0 for a call that nobody cancels by its id.
    let id: UInt64
    let begun: NIODeadline
    let timeout: TimeAmount
    /// Whether the call reads ``Ending/plain(_:_:)``.
    let acceptsPlain: Bool
    /// The group's name in the request, where it has one.
    let name: String?
    /// Whether the response's head has come.
    var hasHead = false
    /// When the request was written to its connection, in epoch milliseconds; nil before.
    var sentAt: Int64?

    init(id: UInt64, begun: NIODeadline, timeout: TimeAmount, acceptsPlain: Bool, name: String?) {
        self.id = id
        self.begun = begun
        self.timeout = timeout
        self.acceptsPlain = acceptsPlain
        self.name = name
    }

    /// Writes the whole request. Returns false, and writes nothing, where it can't be sent now and another call
    /// replaces this one later.
    func write(to buffer: inout ByteBuffer) -> Bool { preconditionFailure("a call writes its request") }

    /// Reads the response, or the failure. Called once, before the connection carries another call.
    ///
    /// - Parameters:
    ///   - end: when the response was there, or the call failed.
    ///   - nameBefore: the name in the previous request on the same connection.
    /// - Returns: whether the response belongs to this call, so that the connection may carry another.
    func ended(_ ending: Ending, at end: NIODeadline, after nameBefore: String?) -> Bool {
        preconditionFailure("a call reads its response")
    }

    /// Called after ``ended(_:after:)``, when the connection can carry the next call.
    func freed() {}

    /// Ends a call that no connection carries.
    func fail(_ failure: TransportFailure) {
        _ = ended(.failed(failure), at: .now(), after: nil)
        freed()
    }

    /// The head must come within the time-out, the whole response within twice that.
    var deadline: NIODeadline { begun + (hasHead ? timeout + timeout : timeout) }
}
