extension RunError {
    /// What kind of error it is. More kinds may come: whoever compares codes has a default.
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the static member.
        package let description: String
        /// What a process exits with that ends with this error.
        package let status: ExitStatus

        private init(_ name: String, _ status: ExitStatus) {
            description = name
            self.status = status
        }
    }
}

// How the run ends without a fault of its own.
extension RunError.Code {
    /// What reads the output has closed it.
    package static let outputClosed = Self("outputClosed", .done)
    /// SIGINT asked the run to stop.
    package static let interrupted = Self("interrupted", .interrupted)
    /// SIGTERM asked the run to stop.
    package static let terminated = Self("terminated", .terminated)
    /// The time is over that `--for` gives a worker.
    package static let timeIsOver = Self("timeIsOver", .done)
    /// More records failed than `--max-errors` allows.
    package static let tooManyErrors = Self("tooManyErrors", .stopped)
    /// With `--deactivate-missing`: the list has invalid records.
    package static let invalidRecords = Self("invalidRecords", .stopped)
    /// A list is one page of a longer one, and what it lacks would be set inactive.
    package static let missingPages = Self("missingPages", .stopped)
    /// With `--deactivate-missing`: the list names no group.
    package static let emptyList = Self("emptyList", .stopped)
    /// The lists have fewer records than `--min-records` asks for.
    package static let tooFewRecords = Self("tooFewRecords", .stopped)
    /// More groups would be set inactive than `--max-deactivate` allows.
    package static let tooManyMissing = Self("tooManyMissing", .stopped)
}

// The command line, the configuration, and who may do what.
extension RunError.Code {
    /// Wrong usage of the command line.
    package static let usage = Self("usage", .usage)
    /// Nobody said yes to what was to be done.
    package static let notApproved = Self("notApproved", .usage)
    /// A bad target or proxy, or certificates that can't be used.
    package static let configuration = Self("configuration", .configuration)
    /// No credentials, contradictory ones, or a file of credentials that can't be used.
    package static let credentials = Self("credentials", .configuration)
    /// A run, or a file of credentials, that somebody else may have written or can read.
    package static let untrusted = Self("untrusted", .configuration)
}

// The input.
extension RunError.Code {
    /// No such input, or it can't be opened.
    package static let noInput = Self("noInput", .noInput)
    /// No such run.
    package static let noRun = Self("noRun", .noInput)
    /// The input can't be read on.
    package static let damagedInput = Self("damagedInput", .damagedInput)
    /// The input is a file of another kind than a list: a workbook, an archive, a web page.
    package static let notAList = Self("notAList", .damagedInput)
    /// A record is longer than the decoder's limit.
    package static let recordTooLong = Self("recordTooLong", .damagedInput)
    /// The input has more records than a run can number.
    package static let tooManyRecords = Self("tooManyRecords", .damagedInput)
    /// `--strict`: a column that looks like a rank or an activity isn't used.
    package static let unusedColumns = Self("unusedColumns", .damagedInput)
    /// `--strict`: names are suspicious, nearly those of other records, or an invalid record's and another's.
    package static let suspiciousNames = Self("suspiciousNames", .damagedInput)
    /// `--strict`: a list is likely to be in another encoding than it is read in.
    package static let otherEncoding = Self("otherEncoding", .damagedInput)
    /// `--strict`: a list seems to be one page of a longer one.
    package static let partialList = Self("partialList", .damagedInput)
    /// The input isn't what an earlier process of the run, or the plan, has read.
    package static let inputChanged = Self("inputChanged", .damagedInput)
    /// A file that isn't a plan, or a plan that another version wrote.
    package static let planUnusable = Self("planUnusable", .damagedInput)
    /// What would be done isn't what was planned.
    package static let planDiffers = Self("planDiffers", .damagedInput)
}

// The target.
extension RunError.Code {
    /// The target is unreachable, or an earlier fault of it or of the ledger has stopped the run.
    package static let targetUnusable = Self("targetUnusable", .unusable)
    /// The target can't be used as it is named: its certificate isn't trusted, or only one side speaks TLS.
    package static let targetUnfit = Self("targetUnfit", .unusable)
    /// The target fails whatever it is asked.
    package static let targetFailing = Self("targetFailing", .stopped)
    /// The target refuses the credentials.
    package static let credentialsRefused = Self("credentialsRefused", .unusable)
    /// What responds at the target isn't the API.
    package static let notTheAPI = Self("notTheAPI", .unusable)
    /// The target's list can't be read.
    package static let listUnreadable = Self("listUnreadable", .unusable)
    /// The target's list changes faster than it can be read.
    package static let listUnsettled = Self("listUnsettled", .unusable)
}

// The ledger.
extension RunError.Code {
    /// The ledger can't be opened, read or written.
    package static let ledgerUnusable = Self("ledgerUnusable", .unusable)
    /// The ledger has lost or changed what it held.
    package static let ledgerDamaged = Self("ledgerDamaged", .unusable)
    /// The ledger was removed or replaced during the run.
    package static let ledgerMoved = Self("ledgerMoved", .unusable)
    /// Another process has ended this one's lease on the run, and has taken over what it had claimed.
    package static let leaseLost = Self("leaseLost", .unusable)
    /// Another version of the program wrote the ledger, or the settings in it.
    package static let otherVersion = Self("otherVersion", .unusable)
    /// The run has not finished, so that there is no report of it.
    package static let notFinished = Self("notFinished", .unusable)
}

// What is written, locks, and this program.
extension RunError.Code {
    /// A file or directory can't be made, written or removed.
    package static let cannotWrite = Self("cannotWrite", .cannotWrite)
    /// No space is left for a file.
    package static let diskFull = Self("diskFull", .cannotWrite)
    /// The directory holds another run, or files of a report.
    package static let otherRun = Self("otherRun", .cannotWrite)
    /// Another run is active on the target, or another process on the run.
    package static let busy = Self("busy", .busy)
    /// No run is there that a worker could work on now.
    package static let nothingToDo = Self("nothingToDo", .busy)
    /// Memory is short.
    package static let outOfMemory = Self("outOfMemory", .internalError)
    /// A defect of this program.
    package static let `internal` = Self("internal", .internalError)
}
