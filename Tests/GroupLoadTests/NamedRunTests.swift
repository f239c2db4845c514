import Foundation
import GroupLoad
import TestSupport
import Testing

/// How a run of a database is named: by its id, or by a directory that leads there.
@Suite struct NamedRunTests {
    private static let run = "20261127-021500-3f1c"
    private static let text = "postgresql:///loads?schema=night"

    private let scratch: Scratch
    private let address: PostgreSQLAddress

    init() throws {
        scratch = try Scratch()
        address = try PostgreSQLAddress(Self.text)
    }

    /// Makes a run directory that says that its ledger is there.
    private func directory(_ lines: String, _ name: String = "night") throws -> String {
        let path = scratch.file(name)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        _ = try scratch.write(lines, as: "\(name)/\(LedgerPlace.addressName)")
        return path
    }

    private func expect(_ location: RunLocation, at path: String) throws {
        #expect(location.path == path)
        #expect(try location.ledger == .database(address, run: Self.run))
    }

    @Test("an id is looked for in the database; its directory is the default one, or the one that is given")
    func id() throws {
        try expect(try RunLocation.run(named: Self.run, at: address), at: "groupload-runs/\(Self.run)")
        try expect(try RunLocation.run(named: Self.run, at: address, directory: "elsewhere/"), at: "elsewhere")
    }

    @Test("a directory gives its run's id, and is the run's directory unless another is given", arguments: ["", "/"])
    func leads(end: String) throws {
        let path = try directory("\(Self.text)\n\(Self.run)\n")
        try expect(try RunLocation.run(named: path + end, at: address), at: path)
        try expect(try RunLocation.run(named: path + end, at: address, directory: "report"), at: "report")
    }

    @Test("a directory whose ledger is elsewhere is refused, and it is said where")
    func elsewhere() throws {
        let other = try directory("postgresql://other/loads\n\(Self.run)\n")
        let file = scratch.file("file")
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: true)
        _ = try scratch.write("", as: "file/\(LedgerPlace.fileName)")
        for (path, place) in [(other, "postgresql://other/loads"), (file, "\(file)/\(LedgerPlace.fileName)")] {
            let error = #expect(throws: RunError.self) { try RunLocation.run(named: path, at: address) }
            #expect(error?.status == .usage && error?.message.contains(place) == true)
            #expect(error?.remedy == "leave --ledger out")
        }
    }

    @Test(
        "a directory that doesn't say where is an unusable ledger", arguments: ["", "x", "postgresql:///a\n", "a\nb\n"])
    func damaged(lines: String) throws {
        let path = try directory(lines)
        let error = #expect(throws: RunError.self) { try RunLocation.run(named: path, at: address) }
        #expect(error?.status == .unusable)
    }
}
