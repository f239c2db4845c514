import Dispatch
import Glibc

/// Zeroed memory for a shard of the name index, or for many, at the beginning of a cache line.
///
/// Past 16 KiB it comes from the system itself and goes back to it at once: shards that grow one after the other would
/// leave holes in a heap. One owner, with whom it goes.
@safe struct ShardMemory: ~Copyable {
    private enum Origin { case none, heap, system, lent }

    /// Where it stands. Whoever keeps an address of it must not use that beyond this value's life.
    let bytes: UnsafeMutableRawBufferPointer
    private let origin: Origin
    private static let systemBytesMin = 1 << 14
    private static let pageBytes = 4096, hugeBytes = 1 << 21

    /// Whether it is a part of what was set aside at once.
    var isLent: Bool { origin == .lent }

    /// Whether there is any.
    var isEmpty: Bool { unsafe bytes.isEmpty }

    /// No memory.
    init() { unsafe self.init(UnsafeMutableRawBufferPointer(start: nil, count: 0), .none) }

    /// `count` bytes.
    init(bytes count: Int) {
        if count >= Self.systemBytesMin, let mapped = unsafe Self.map(count) {
            unsafe self.init(mapped, .system)
        } else {
            // Safe: all of it is written before anybody reads it.
            let allocated = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
            unsafe allocated.initializeMemory(as: UInt8.self, repeating: 0)
            unsafe self.init(allocated, .heap)
        }
    }

    /// `count` bytes of the system's own, in huge pages where they fit in; nil where it has none left.
    init?(mapping count: Int) {
        guard let mapped = unsafe Self.map(count) else { return nil }
        unsafe self.init(mapped, .system)
    }

    private init(_ bytes: UnsafeMutableRawBufferPointer, _ origin: Origin) {
        unsafe self.bytes = bytes
        self.origin = origin
    }

    private static func map(_ count: Int) -> UnsafeMutableRawBufferPointer? {
        // Safe: the pages are new, zeroed and nobody else's, and `count` bytes long.
        let address = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else { return nil }
        unsafe madvise(address, count, MADV_HUGEPAGE)
        return unsafe UnsafeMutableRawBufferPointer(start: address, count: count)
    }

    /// Has the system clear all huge pages now, on all cores: names come to all of them at once, and whoever waits for
    /// one page after another keeps the others waiting. Where there are no huge pages, it does nearly nothing.
    func clear() {
        let (start, step) = unsafe (UInt(bitPattern: bytes.baseAddress), UInt(Self.hugeBytes))
        unsafe DispatchQueue.concurrentPerform(iterations: bytes.count / Self.hugeBytes) { number in
            // Safe: a byte is written in each, which nobody has used yet, as it was.
            unsafe UnsafeMutablePointer<UInt8>(bitPattern: start + UInt(number) * step)?.pointee = 0
        }
    }

    /// A part of this memory, which must go before this does.
    func lend(_ range: Range<Int>) -> ShardMemory {
        // Safe: the slice checks its bounds; its owner sees to the order in which they go.
        unsafe ShardMemory(UnsafeMutableRawBufferPointer(rebasing: bytes[range]), .lent)
    }

    /// Ends with this memory. The whole pages of a part of other memory go back to the system now; where its owner just
    /// goes, they go with what it is a part of.
    consuming func giveBack() {
        guard origin == .lent else { return }
        let start = unsafe (Int(bitPattern: bytes.baseAddress) + Self.pageBytes - 1) & ~(Self.pageBytes - 1)
        let end = unsafe (Int(bitPattern: bytes.baseAddress) + bytes.count) & ~(Self.pageBytes - 1)
        // Safe: this is the one owner, and nobody uses an address of it any more.
        if start < end { unsafe madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, MADV_DONTNEED) }
    }

    deinit {
        // Safe: this is the one owner, and nobody uses an address of it any more.
        switch origin {
        case .none, .lent: break
        case .heap: unsafe bytes.deallocate()
        case .system: unsafe munmap(bytes.baseAddress, bytes.count)
        }
    }
}
