internal import Synchronization

/// A request's body that knows whether anyone has begun to read it.
///
/// AsyncHTTPClient reads a body's bytes only once it has a connection and is about to write them. A request whose body was
/// never read was therefore never whole on the server's side, and can't have had an effect. The mark is set before the
/// bytes are given out, so the error can only be towards "read".
///
/// It is a plain `Collection`, without contiguous access while the body value is made, because AsyncHTTPClient copies
/// sequences that offer that at once, before there is a connection (`HTTPClientRequest.Body.bytes(_:length:)`, the overload
/// for collections, doesn't).
struct ObservedBody: Collection, Sendable {
    private final class Mark: Sendable {
        let isRead = Atomic<Bool>(false)
    }

    private let bytes: [UInt8]
    private let mark = Mark()

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether reading has begun.
    var isRead: Bool { mark.isRead.load(ordering: .acquiring) }

    var startIndex: Int { 0 }
    var endIndex: Int { bytes.count }
    var count: Int { bytes.count }
    func index(after index: Int) -> Int { index + 1 }

    subscript(position: Int) -> UInt8 {
        mark.isRead.store(true, ordering: .releasing)
        return bytes[position]
    }

    func withContiguousStorageIfAvailable<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result? {
        mark.isRead.store(true, ordering: .releasing)
        return try bytes.withContiguousStorageIfAvailable(body)
    }
}
