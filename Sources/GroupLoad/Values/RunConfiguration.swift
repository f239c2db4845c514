/// The settings that a run works by, as its ledger keeps them, so that it can be resumed, taken back and proved from
/// anywhere; never a secret.
package struct RunConfiguration: Sendable, Codable, Equatable {
    /// The version of this form.
    package static let versionCurrent = 1
    /// The version that it was written in.
    package var version = versionCurrent

    /// The lists, in their order.
    package var inputs: [Input] = []
    /// How the lists are read.
    package var reading = Reading()
    /// Where requests go, and how long they may take.
    package var target = Target()
    /// When two names are the same.
    package var nameMatch = NameMatch.exact
    /// The longest name, in characters (Unicode scalar values), after trimming.
    package var nameLengthMax = 255
    /// Words that mean an empty name, rank or activity, as they are written.
    package var nullWords: [String] = []
    /// Drafts in flight at once, at most.
    package var concurrency = 64
    /// The allowance that is spent evenly; nil to find it out.
    package var rate: RequestRate?
    /// How many records may fail before the run stops.
    package var errorLimit: ErrorLimit?
    /// How many records the lists must have; else nothing is sent. Nil for any number.
    package var recordFloor: RecordFloor?
    /// Whether lists are sent while they are read.
    package var skipsPreflight = false
    /// What becomes of a draft whose group exists already.
    package var existing = ExistingPolicy.skip
    /// What a record without a rank says of such a group, where it is updated.
    package var emptyRank = EmptyRank.keep
    /// Whether groups of the target that no record names are set inactive.
    package var deactivatesMissing = false
    /// How many of the target's active groups that may be; else nothing is sent.
    package var deactivateLimit = ErrorLimit.percent(10)
    /// Whether the target's list is read before anything is sent.
    package var snapshot = SnapshotUse.auto
    /// Whether names that another run of the ledger has made or found are taken to be on the target.
    package var trustsLedger = false
    /// The absolute path of the plan that is carried out.
    package var plan: String?
    /// Whether a spreadsheet runs nothing of `results.csv`.
    package var isSpreadsheetSafe = false
    /// Whether no copy of the lists is kept in the run directory.
    package var keepsNoInput = false
    /// The address of the PostgreSQL database that holds the ledger; nil for a file in the run directory.
    package var ledger: String?
    /// The run that it takes back, where it is an undo; the other settings are then those of the import.
    package var undo: Undo?

    /// What holds without any option.
    package init() {}

    /// A list.
    package struct Input: Sendable, Codable, Equatable {
        /// As the user named it, or `-`.
        package var given: String
        /// Its absolute path, or `-`.
        package var path: String

        /// Makes an input.
        package init(given: String, path: String) {
            self.given = given
            self.path = path
        }
    }

    /// Where requests go, and how long they may take.
    package struct Target: Sendable, Codable, Equatable {
        /// How long the target may ask to wait unless the user says otherwise, in seconds.
        package static let waitMaxDefault: Int64 = 900

        /// The target's URL; empty for none.
        package var url = ""
        /// The path before `/group`.
        package var apiPrefix = "/api_gateway/core/v1"
        /// The names of the user's own headers, whose values may be secrets; in lower case, sorted.
        package var headers: [String] = []
        /// How long a connection may take to be made, TLS included, in seconds.
        package var connectSeconds = 10.0
        /// How long the head of a response may take, in seconds; the whole may take twice as long.
        package var requestSeconds = 30.0
        /// How long the target may ask to wait, in all and without a success.
        package var waitMaxSeconds = waitMaxDefault
        /// The absolute path of certificates to trust besides the system's.
        package var certificatesFile: String?
        /// Whether credentials may go to another machine without TLS.
        package var allowsInsecure = false

        /// What holds without any option; names no target.
        package init() {}
    }

    /// The run that an undo takes back.
    package struct Undo: Sendable, Codable, Equatable {
        /// Its id.
        package var run: String
        /// Its directory's absolute path; its id, where its ledger is in a database.
        package var path: String
        /// Whether it is itself an undo.
        package var isRedo: Bool
        /// Whether groups are taken back, too, whose creator isn't known.
        package var includesPresent: Bool

        /// Makes the mark of an undo.
        package init(run: String, path: String, isRedo: Bool, includesPresent: Bool) {
            self.run = run
            self.path = path
            self.isRedo = isRedo
            self.includesPresent = includesPresent
        }
    }
}
