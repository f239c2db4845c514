import ArgumentParser
import Foundation
import GroupLoad

/// The argument that says which run is meant, of a command that works on one that exists.
struct RunOptions: ParsableArguments {
    @Argument(
        help: "The run, by its id, as groupload runs shows it, or by its directory.", completion: .directory,
        transform: parsedPath)
    var run: String?

    @Flag(
        help: """
            Your run on this machine that was started last, in place of RUN; with --ledger, the last one there. It \
            says which run that is.
            """)
    var last = false

    @OptionGroup var database: LedgerOptions

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
    /// - Parameter directory: with a database, its run directory; nil for the default.
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` if there is no such run, and with
    ///   ``ExitStatus/configuration`` if it isn't the user's own.
    func location(directory: String? = nil) throws(RunError) -> RunLocation {
        let environment = SystemCall.environment
        let address = try database.address()
        guard let run else {
            let (location, metadata) =
                if let address {
                    try KnownRuns.last(in: address, directory: directory)
                } else {
                    try KnownRuns.last(environment, note: Console.noteLine)
                }
            let place = address.map { "\($0)" } ?? location.path
            Console.noteLine(
                "--last: run \(metadata.run ?? "") in \(place), \(metadata.stateText), \(metadata.target)")
            JSONOutput.name(runDirectory: location.path)
            if address != nil { try location.requireOwn() }
            return location
        }
        let location =
            if let address {
                try RunLocation.run(named: run, at: address, directory: directory)
            } else {
                try KnownRuns.run(named: run, environment)
            }
        JSONOutput.name(runDirectory: location.path)
        try location.requireOwn()
        return location
    }
}
