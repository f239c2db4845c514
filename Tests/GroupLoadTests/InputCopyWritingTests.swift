import Foundation
import GroupLoad
import TestSupport
import Testing

/// The copy of an input while it is written.
@Suite struct InputCopyWritingTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// The names in the directory.
    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: scratch.path) }

    @Test("it holds what was added, under the input's number", arguments: [0, 1, 70_000, 5_000_000])
    func whole(count: Int) throws {
        let copy = InputCopy(2, in: scratch.path)
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        for start in stride(from: 0, to: count, by: 65_536) {
            copy.append(Array(bytes[start..<min(start + 65_536, count)]))
        }
        #expect(copy.end(isWhole: true).place() == KeptInput(file: "input-3.zst"))
        var decompressor = try Decompressor(.zstd, isOwn: true)
        decompressor.push(Array(try Data(contentsOf: scratch.url("input-3.zst"))))
        var found: [UInt8] = []
        while case let plain = try decompressor.pull(), !plain.isEmpty { found += plain }
        try decompressor.finish()
        #expect(found == bytes)
    }

    @Test("an earlier copy stays until the new one is given its name; what is given none is removed") func earlier()
        throws
    {
        _ = try scratch.write("earlier", as: "input-1.zst")
        for isPlaced in [false, true] {
            let copy = InputCopy(0, in: scratch.path)
            copy.append([1, 2, 3])
            var ended: EndedCopy? = copy.end(isWhole: true)
            #expect(try Data(contentsOf: scratch.url("input-1.zst")) == Data("earlier".utf8))
            if isPlaced { #expect(ended?.place().file == "input-1.zst") }
            ended = nil
            #expect(try names() == ["input-1.zst"])
        }
        #expect(try Data(contentsOf: scratch.url("input-1.zst")) != Data("earlier".utf8))
    }

    @Test("an input that isn't read to its end leaves none, and no reason") func cut() throws {
        let copy = InputCopy(0, in: scratch.path)
        copy.append([1, 2, 3])
        #expect(copy.end(isWhole: false).place() == KeptInput())
        #expect(try names().isEmpty)
    }

    @Test(
        "it is dropped where less than 64 MiB are free, also later on",
        arguments: [64 << 20, (64 << 20) - 1] as [Int64], [0, 1])
    func room(bytes: Int64, after looks: Int) throws {
        let isKept = bytes >= 64 << 20
        var left = looks
        let copy = InputCopy(0, in: scratch.path) { _ in
            left -= 1
            return left < 0 ? bytes : .max
        }
        for _ in 0..<3 { copy.append([UInt8](repeating: 1, count: 5 << 20)) }
        let kept = copy.end(isWhole: true).place()
        #expect((kept.file != nil) == isKept)
        #expect(kept.reason == (isKept ? nil : "less than 64 MiB are free on its disk"))
        #expect(try names() == (isKept ? ["input-1.zst"] : []))
    }

    @Test("a directory that can't be written to is a reason") func unwritable() {
        let copy = InputCopy(0, in: scratch.file("none"))
        copy.append([1])
        #expect(copy.end(isWhole: true).place().reason?.contains("none/input-1.zst") == true)
    }
}
