import RecordFormats

/// A source's bytes as they are to be decoded: read, counted, hashed, and decompressed where they were compressed.
struct SourceBytes: ~Copyable {
    /// Bytes read from the source itself.
    private(set) var bytesRead: Int64 = 0
    /// The SHA-256 of what has been read; nil where it isn't wanted.
    let digest: SourceDigest?
    private let source: InputSource
    private let file: InputFile
    private let stop: StopSwitch
    private let progress: RunProgress
    /// Receives all that is read, as it stands in the source.
    private var tap: (([UInt8]) -> Void)?
    /// What undoes the compression of a run's own copy, where that is read.
    private var unpacker: Decompressor?
    private var decompressor: Decompressor?
    /// Whether the source was read to its end.
    private(set) var hasEnded = false
    /// What ``first()`` met behind what it gave.
    private var damage: RunError?

    /// Bytes asked of a source at once.
    private static let chunkBytes = 1 << 16

    /// - Parameters:
    ///   - isHashed: whether its SHA-256 is wanted.
    ///   - tap: receives all that is read, as it stands in the source.
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if the source can't be opened.
    init(
        _ source: InputSource, isHashed: Bool, progress: RunProgress, stop: StopSwitch,
        tap: (([UInt8]) -> Void)? = nil
    ) throws(RunError) {
        digest = isHashed ? SourceDigest() : nil
        self.source = source
        self.progress = progress
        self.stop = stop
        self.tap = tap
        unpacker = try Self.unpacker(of: source)
        file = try InputFile(source)
    }

    private static func unpacker(of source: InputSource) throws(RunError) -> Decompressor? {
        source.copy == nil ? nil : try Decompressor(.zstd, isOwn: true)
    }

    /// Whether this is a pipe or the like, of which what comes next may be long in coming.
    var isPipe: Bool { file.isPipe }

    /// Whether whoever writes to a pipe has nothing more for now, so that what there is should go on.
    var isIdle: Bool { file.isIdle }

    /// The first bytes: enough to tell the kind of file and the format by, if there are so many.
    ///
    /// - Throws: as ``next()``.
    mutating func first() async throws(RunError) -> [UInt8] {
        var head: [UInt8] = []
        while head.count < 4, let chunk = try await read() { head += chunk }
        guard let compression = Compression(firstBytes: head) else {
            while !Self.isTold(head), let chunk = try await read() { head += chunk }
            return head
        }
        decompressor = try Decompressor(compression)
        decompressor?.push(head)
        var plain: [UInt8] = []
        while !Self.isTold(plain) {
            do throws(RunError) {
                let more = try await next()
                if more.isEmpty { break }
                plain += more
            } catch {
                // What came before the damage is still to be read.
                damage = error
                break
            }
        }
        return plain
    }

    /// Whether more of a source needn't be read to tell what it is.
    private static func isTold(_ head: [UInt8]) -> Bool {
        head.count >= FileKind.firstBytesMax
            || FileKind.isDecided(firstBytes: head)
                && (FileKind.signed(head) != nil || RecordFormat.isDetectable(firstBytes: head))
    }

    /// Whether the source itself can be read at any offset: a file that isn't compressed.
    var isReadableAtAnyOffset: Bool { decompressor == nil && unpacker == nil && !file.isPipe }

    /// Reads all that is left, for the digest, and where the source can't be read at any offset into a file that can.
    ///
    /// - Parameter head: what ``first()`` gave.
    /// - Returns: the file; nil where a stop was asked for.
    /// - Throws: as ``next()``, and ``RunError`` with ``ExitStatus/cannotWrite`` where there is no room.
    mutating func readToEnd(head: [UInt8]) async throws(RunError) -> RandomAccessFile? {
        if isReadableAtAnyOffset {
            while try await !next().isEmpty {}
            return stop.reason == nil && !Task.isCancelled ? file.randomAccess() : nil
        }
        var spool = try SpoolFile()
        var chunk = head
        while !chunk.isEmpty {
            try spool.append(chunk)
            chunk = try await next()
        }
        return stop.reason == nil && !Task.isCancelled ? spool.finish() : nil
    }

    /// Reads what is left of a file whose rest isn't decoded, for its digest alone.
    mutating func skipToEnd() async {
        guard digest != nil, !isPipe else { return }
        tap = nil
        // What can't be read has no digest, whatever is said of it.
        do { while try await read() != nil {} } catch {}
    }

    /// What comes next, at most 64 KiB; empty at the end, or when a stop was asked for.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/damagedInput`` when the system can't read on, or the compressed data is
    ///   damaged; with the source's name.
    mutating func next() async throws(RunError) -> [UInt8] {
        if let damage { throw damage }
        if decompressor == nil { return try await read() ?? [] }
        do throws(RunError) {
            while true {
                if let plain = try decompressor?.pull(), !plain.isEmpty { return plain }
                guard let chunk = try await read() else {
                    if hasEnded { try decompressor?.finish() }
                    return []
                }
                decompressor?.push(chunk)
            }
        } catch {
            throw error.at(.path(source.name))
        }
    }

    /// Reads from the source itself; nil at the end, or when a stop was asked for.
    private mutating func read() async throws(RunError) -> [UInt8]? {
        let chunk = try await unpacker == nil ? file.read(atMost: Self.chunkBytes, stop: stop) : unpack()
        guard !chunk.isEmpty else {
            hasEnded = stop.reason == nil && !Task.isCancelled
            return nil
        }
        tap?(chunk)
        digest?.add(chunk)
        bytesRead += Int64(chunk.count)
        let count = Int64(chunk.count)
        progress.update { $0.bytesRead += count }
        return chunk
    }

    /// What comes next of a run's own copy; empty at the end, or when a stop was asked for.
    private mutating func unpack() async throws(RunError) -> [UInt8] {
        do throws(RunError) {
            while true {
                if let plain = try unpacker?.pull(), !plain.isEmpty { return plain }
                let chunk = try await file.read(atMost: Self.chunkBytes, stop: stop)
                guard !chunk.isEmpty else {
                    if stop.reason == nil, !Task.isCancelled { try unpacker?.finish() }
                    return []
                }
                unpacker?.push(chunk)
            }
        } catch {
            throw error.at(.path(source.readPath))
        }
    }
}
