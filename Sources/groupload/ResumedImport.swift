import ArgumentParser
import Foundation
import GroupLoad

/// The import that a run was started with, parsed again from what its ledger keeps, in the directory that it was
/// started in.
struct ResumedImport {
    let location: RunLocation
    let plan: RunConfiguration
    var command: ImportCommand

    /// Goes to the directory that the run was started in, for its paths are relative to that.
    ///
    /// - Parameters:
    ///   - access: what isn't kept of what requests need.
    ///   - further: more arguments of the import.
    /// - Throws: ``RunError`` if the ledger can't be read, the directory is gone, or a header is missing.
    init(_ location: RunLocation, _ access: AccessOptions, further: [String] = []) async throws {
        plan = try await Ledger.plan(at: location)
        self.location = try RunLocation(directory: URL(fileURLWithPath: location.path).path)
        let credentials = access.credentials.map { URL(fileURLWithPath: $0).path }
        guard FileManager.default.changeCurrentDirectoryPath(plan.directory) else {
            throw RunError(
                .noInput, "can't enter \(plan.directory), where the run was started; its paths are relative to it")
        }
        var whole = plan
        whole.add(["--run-dir", self.location.path] + access.header.flatMap { ["--header", $0] } + further)
        if let credentials { whole.add(["--credentials", credentials]) }
        command = try ImportCommand.parse(whole.arguments)
        let missing = Set(plan.headers).subtracting(command.target.headerNames)
        guard missing.isEmpty else {
            throw RunError(
                .usage,
                "the run was started with --header for \(missing.sorted().joined(separator: ", ")); give it again")
        }
    }
}
