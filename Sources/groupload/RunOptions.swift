import ArgumentParser
import Foundation
import GroupLoad

/// The argument that says which run is meant, of a command that works on one that exists.
struct RunOptions: ParsableArguments {
    @Argument(
        help: "The run, by its id, as groupload runs shows it, or by its directory.", transform: parsedPath)
    var run: String?

    @Flag(help: "Your run on this machine that was started last, in place of RUN. It says which run that is.")
    var last = false

    func validate() throws {
        guard (run == nil) == last else {
            throw ValidationError(
                last
                    ? "--last and RUN contradict each other; give one."
                    : "Name the RUN by its id or directory, or give --last.")
        }
    }

    /// Where the run stands.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is no such run, and with
    ///   ``ExitStatus/configuration`` if it isn't the user's own.
    func location() throws(RunError) -> RunLocation {
        let environment = SystemCall.environment
        guard let run else {
            let (location, metadata) = try KnownRuns.last(environment, note: Console.noteLine)
            Console.noteLine(
                "--last: run \(metadata.run ?? "") in \(location.path), \(metadata.stateText), \(metadata.target)")
            JSONOutput.name(runDirectory: location.path)
            return location
        }
        let location = try KnownRuns.run(named: run, environment)
        JSONOutput.name(runDirectory: location.path)
        try location.requireOwn()
        return location
    }
}
