import ArgumentParser
import GroupLoad

/// The argument that says which run is meant, of a command that works on one that exists.
struct RunOptions: ParsableArguments {
    @Argument(help: "The run, by its id under groupload-runs or by its directory.", transform: parsedPath)
    var run: String?

    @Flag(help: "The run under groupload-runs that was started last, in place of RUN.")
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
        guard let run else { return try RunLocation(lastIn: RunLocation.runsDirectory, note: Console.noteLine) }
        let location = try RunLocation(named: run)
        try location.requireOwn()
        return location
    }
}
