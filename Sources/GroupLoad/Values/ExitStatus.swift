/// The statuses that `groupload` exits with; scripts rely on them.
package enum ExitStatus: Int32, Sendable {
    /// Every record is done.
    case done = 0
    /// Finished; some records are `invalid` or `failed`.
    case finishedWithFailures = 1
    /// Stopped by `--max-errors`, or because the target responded with errors only.
    case stopped = 2
    /// The target or the ledger is unusable: refused credentials, unreachable.
    case unusable = 3
    /// Finished; some records are `unresolved`.
    case unresolved = 4
    /// Wrong usage of the command line.
    case usage = 64
    /// The input can't be read on.
    case damagedInput = 65
    /// No such input.
    case noInput = 66
    /// A defect of this program.
    case internalError = 70
    /// The report or the run directory can't be written.
    case cannotWrite = 73
    /// Another run on the same target and ledger is active.
    case busy = 75
    /// Wrong configuration: no or contradictory credentials, a bad target.
    case configuration = 78
    /// Interrupted by SIGINT, after draining and writing the report.
    case interrupted = 130
    /// Ended by SIGTERM, after draining and writing the report.
    case terminated = 143
}
