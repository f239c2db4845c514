import Glibc

/// Zeroed memory for a shard of the name index, or for many, at the beginning of a cache line.
///
/// Past 16 KiB it comes from the system itself and goes back to it at once: shards that grow one after the other would
/// leave holes in a heap. Whoever holds it frees it, once.
struct ShardMemory {
    private enum Origin { case none, heap, system, lent }

    /// Whether it is a part of what was set aside at once.
    var isLent: Bool { origin == .lent }

    private(set) var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var origin = Origin.none
    private static let systemBytesMin = 1 << 14
    private static let pageBytes = 4096

    /// No memory.
    init() {}

    /// `count` bytes.
    init(bytes count: Int) {
        if count >= Self.systemBytesMin, let mapped = Self(mapping: count) {
            self = mapped
        } else {
            bytes = .allocate(byteCount: count, alignment: 64)
            bytes.initializeMemory(as: UInt8.self, repeating: 0)
            origin = .heap
        }
    }

    /// `count` bytes of the system's own, in huge pages where they fit in; nil where it has none left.
    init?(mapping count: Int) {
        let address = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let address, address != MAP_FAILED else { return nil }
        madvise(address, count, MADV_HUGEPAGE)
        bytes = UnsafeMutableRawBufferPointer(start: address, count: count)
        origin = .system
    }

    /// A part of this memory, which must not be used after this is freed.
    func lend(_ range: Range<Int>) -> ShardMemory {
        var part = ShardMemory()
        part.bytes = UnsafeMutableRawBufferPointer(rebasing: bytes[range])
        part.origin = .lent
        return part
    }

    func free() {
        switch origin {
        case .none: break
        case .heap: bytes.deallocate()
        case .system: munmap(bytes.baseAddress, bytes.count)
        case .lent:
            // The whole pages go back now, the rest with what they are a part of.
            let start = (Int(bitPattern: bytes.baseAddress) + Self.pageBytes - 1) & ~(Self.pageBytes - 1)
            let end = (Int(bitPattern: bytes.baseAddress) + bytes.count) & ~(Self.pageBytes - 1)
            if start < end { madvise(UnsafeMutableRawPointer(bitPattern: start), end - start, MADV_DONTNEED) }
        }
    }
}
