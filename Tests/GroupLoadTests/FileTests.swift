import Foundation
import GroupLoad
import RecordFormats
import TestSupport
import Testing

/// Files that are written whole or not at all, read by lines, locked, and compressed.
@Suite struct FileTests {
    private static func names(in scratch: Scratch) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
    }

    private static func append(_ text: String, to file: AtomicFile) throws {
        try file.append { $0.bytes.append(contentsOf: text.utf8) }
    }

    @Test("a file has its name once it is finished, and its digest is that of its bytes") func finishes() throws {
        let scratch = try Scratch()
        let path = scratch.file("a.csv")
        let file = try AtomicFile(path)
        try Self.append("abc", to: file)
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(try file.finish() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "abc")
        #expect(try Self.names(in: scratch) == ["a.csv"])
    }

    @Test("what isn't finished leaves what was there, and nothing beside it") func abandons() throws {
        let scratch = try Scratch()
        let path = try scratch.write("before", as: "a.csv")
        do {
            let file = try AtomicFile(path)
            // More than is gathered before it is written.
            try Self.append(String(repeating: "x", count: 100_000), to: file)
            #expect(try Self.names(in: scratch).count == 2)
        }
        #expect(try Self.names(in: scratch) == ["a.csv"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
    }

    @Test("a file keeps its mode, and a new one gets the one that is asked for") func modes() throws {
        let scratch = try Scratch()
        func mode(_ path: String) throws -> Int? {
            try (FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
        }
        let old = try scratch.write("", as: "old")
        // More than the umask leaves a new one.
        try FileManager.default.setAttributes([.posixPermissions: 0o666], ofItemAtPath: old)
        for path in [old, scratch.file("new")] { _ = try AtomicFile(path).finish() }
        #expect(try mode(old) == 0o666)
        #expect(try mode(scratch.file("new")) == 0o600)
    }

    @Test("what a link leads to is written, and the link stays") func links() throws {
        let scratch = try Scratch()
        let (target, link) = (try scratch.write("before", as: "target"), scratch.file("link"))
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        let file = try AtomicFile(link)
        try Self.append("after", to: file)
        _ = try file.finish()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "after")
    }

    @Test("a name may be as long as the system takes, though the temporary one is longer") func longName() throws {
        let scratch = try Scratch()
        let name = String(repeating: "n", count: 255)
        _ = try AtomicFile(scratch.file(name)).finish()
        #expect(try Self.names(in: scratch) == [name])
    }

    @Test("a place that can't be written is said", arguments: ["missing/a.csv", "missing/deeper/a.csv"])
    func refuses(name: String) throws {
        let scratch = try Scratch()
        do {
            _ = try AtomicFile(scratch.file(name))
            Issue.record("it was opened")
        } catch {
            #expect(error.code == .cannotWrite && error.place == .path(scratch.file(name)))
        }
    }

    @Test(
        "lines of any length, with or without an end of the last",
        arguments: ["", "\n", "a", "a\n", "a\nb", "a\n\nb\n", "LONG\ny"])
    func lines(text: String) throws {
        let scratch = try Scratch()
        let text = text.replacing("LONG", with: String(repeating: "x", count: 200_000))
        let reader = try LineReader(try scratch.write(text, as: "lines"))
        var lines: [String] = []
        while let line = try reader.next() { lines.append(line) }
        var expected = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if expected.last == "" { expected.removeLast() }
        #expect(lines == expected)
    }

    @Test("a file that isn't there has no lines") func noLines() throws {
        do {
            _ = try LineReader("/nowhere/none")
            Issue.record("it was opened")
        } catch {
            #expect(error.code == .noInput && error.place == .path("/nowhere/none"))
        }
    }

    @Test("a lock is held by one, says by whom, and is free once it goes") func locks() throws {
        let scratch = try Scratch()
        let path = scratch.file("lock")
        do {
            let lock = try LockFile(path)
            lock.write(run: "20260101-000000-abcd")
            do {
                _ = try LockFile(path)
                Issue.record("it was locked twice")
            } catch .held(let text) {
                #expect(text == "\(getpid()) 20260101-000000-abcd")
                #expect(LockFile.holder(text) == " (process \(getpid()), run 20260101-000000-abcd)")
            }
            lock.write(run: "b")
            #expect(lock.text == "\(getpid()) b")
        }
        #expect(try LockFile(path).text == "\(getpid()) b")
        #expect(LockFile.holder("") == "")
    }

    @Test("what isn't a plain file of one name isn't locked", arguments: ["link", "directory", "twice"])
    func foreignLocks(kind: String) throws {
        let scratch = try Scratch()
        let path = scratch.file("lock")
        switch kind {
        case "link":
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: try scratch.write("", as: "other"))
        case "directory": try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        default: try FileManager.default.linkItem(atPath: try scratch.write("", as: "other"), toPath: path)
        }
        do {
            _ = try LockFile(path)
            Issue.record("it was locked")
        } catch .foreign {}
    }

    @Test(
        "one scope has one lock, however its target is spelled",
        arguments: [
            ("http://HOST/ till", true), ("http://host:80 till", true), ("http://host:81 till", false),
            ("https://host till", false), ("http://host other", false),
        ])
    func scopes(other: String, isSame: Bool) throws {
        let state = ["XDG_STATE_HOME": try Scratch().path]
        let lock = try ScopeLock.acquire(scope: "http://host till", run: "r", environment: state)
        do {
            _ = try ScopeLock.acquire(scope: other, run: "s", environment: state)
            #expect(!isSame)
        } catch {
            #expect(isSame && error.code == .busy && error.place == nil)
        }
        _ = consume lock
    }

    @Test("a run directory has one lock too") func runLocks() throws {
        let scratch = try Scratch()
        let lock = try LockFile.ofRun(scratch.path)
        do {
            _ = try LockFile.ofRun(scratch.path)
            Issue.record("it was locked twice")
        } catch {
            #expect(error.code == .busy && error.place == .path(scratch.path))
        }
        withExtendedLifetime(lock) {}
        do {
            _ = try LockFile.ofRun(scratch.file("missing"))
            Issue.record("it was locked")
        } catch {
            #expect(error.code == .cannotWrite && error.place == .path(scratch.file("missing/.lock")))
        }
    }
}

/// What is compressed comes back as it was.
@Suite struct CompressionTests {
    /// Compresses `bytes`, handed over in pieces of so many.
    private static func compressed(_ compression: Compression, _ bytes: [UInt8], piece: Int) throws -> [UInt8] {
        var compressor = try Compressor(compression)
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            try compressor.compress(Array(rest.prefix(piece)), isLast: false) { output += $0 }
            rest = rest.dropFirst(piece)
        }
        try compressor.compress([], isLast: true) { output += $0 }
        return output
    }

    /// Decompresses `bytes`, handed over in pieces of so many.
    private static func plain(_ compression: Compression, _ bytes: [UInt8], piece: Int) throws -> [UInt8] {
        var decompressor = try Decompressor(compression)
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            decompressor.push(Array(rest.prefix(piece)))
            while case let more = try decompressor.pull(), !more.isEmpty { output += more }
            rest = rest.dropFirst(piece)
        }
        try decompressor.finish()
        return output
    }

    private static func sample(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(state: 7)
        return (0..<count).map { UInt8(truncatingIfNeeded: $0 / 100) ^ UInt8.random(in: 0...3, using: &generator) }
    }

    @Test("there and back, cut anywhere", arguments: Compression.allCases, [1, 2, 7, 65_536])
    func roundTrip(compression: Compression, piece: Int) throws {
        let bytes = Self.sample(piece < 8 ? 3_000 : 400_000)
        let compressed = try Self.compressed(compression, bytes, piece: piece)
        #expect(Compression(firstBytes: compressed) == compression)
        #expect(try Self.plain(compression, compressed, piece: piece) == bytes)
    }

    @Test("members one behind the other, with zeros behind them", arguments: Compression.allCases)
    func members(compression: Compression) throws {
        let (one, two) = (Array("one".utf8), Array("two".utf8))
        var bytes = try Self.compressed(compression, one, piece: 9) + Self.compressed(compression, two, piece: 9)
        bytes += [0, 0, 0, 0]
        for piece in [1, 7, 65_536] { #expect(try Self.plain(compression, bytes, piece: piece) == one + two) }
    }

    @Test("nothing is nothing", arguments: Compression.allCases) func empty(compression: Compression) throws {
        let bytes = try Self.compressed(compression, [], piece: 1)
        #expect(try Self.plain(compression, bytes, piece: 1) == [])
        #expect(try Self.plain(compression, [], piece: 1) == [])
    }

    @Test("what is cut short is damaged, wherever", arguments: Compression.allCases)
    func cut(compression: Compression) throws {
        let whole = try Self.compressed(compression, Self.sample(2_000), piece: 2_000)
        for count in stride(from: 1, to: whole.count, by: max(1, whole.count / 40)) {
            do {
                _ = try Self.plain(compression, Array(whole.prefix(count)), piece: 64)
                Issue.record("\(count) of \(whole.count) bytes were taken for all")
            } catch let error as RunError {
                #expect(error.code == .damagedInput && error.place == nil)
            }
        }
    }

    @Test("a changed byte is damage", arguments: Compression.allCases) func damaged(compression: Compression) throws {
        var bytes = try Self.compressed(compression, Self.sample(2_000), piece: 2_000)
        bytes[bytes.count / 2] ^= 0xff
        do {
            _ = try Self.plain(compression, bytes, piece: 64)
            Issue.record("it was taken for sound")
        } catch let error as RunError {
            #expect(error.code == .damagedInput && error.place == nil)
        }
    }

    @Test("what expands much, and is small, is read", arguments: Compression.allCases)
    func alike(compression: Compression) throws {
        let bytes = [UInt8](repeating: 0x61, count: 4_000_000)
        let compressed = try Self.compressed(compression, bytes, piece: bytes.count)
        #expect(bytes.count / compressed.count > 500)
        #expect(try Self.plain(compression, compressed, piece: 65_536) == bytes)
    }

    @Test("what expands without end is refused", arguments: Compression.allCases)
    func bomb(compression: Compression) throws {
        let bytes = try Self.compressed(
            compression, [UInt8](repeating: 65, count: 80 << 20), piece: 1 << 20)
        do {
            var decompressor = try Decompressor(compression)
            decompressor.push(bytes)
            while !(try decompressor.pull().isEmpty) {}
            Issue.record("it was expanded")
        } catch {
            #expect(error.code == .damagedInput && error.place == nil)
        }
    }

    @Test(
        "what a file's name says",
        arguments: [
            ("a.csv.gz", Compression.gzip, "a.csv"), ("A.CSV.GZ", .gzip, "A.CSV"), ("a.gzip", .gzip, "a"),
            ("a.zst", .zstd, "a"), ("a.json.zstd", .zstd, "a.json"), ("a.csv", nil, "a.csv"), ("gz", nil, "gz"),
        ])
    func suffixes(path: String, compression: Compression?, stripped: String) {
        #expect(Compression(suffixOf: path) == compression)
        #expect(Compression.strip(path) == stripped)
    }

    @Test(
        "what first bytes say",
        arguments: [
            ([0x1f, 0x8b], Compression.gzip), ([0x28, 0xb5, 0x2f, 0xfd], .zstd), ([0x55, 0x2a, 0x4d, 0x18], .zstd),
            ([0x1f], nil), ([0x28, 0xb5, 0x2f], nil), ([0x60, 0x2a, 0x4d, 0x18], nil), ([], nil),
        ] as [([UInt8], Compression?)])
    func firstBytes(bytes: [UInt8], compression: Compression?) {
        #expect(Compression(firstBytes: bytes) == compression)
    }
}
