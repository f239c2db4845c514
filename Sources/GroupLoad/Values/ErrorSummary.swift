/// What `--json` prints where a command ends without a summary of its own: wrong usage, no such list, a lock that
/// another run holds. The keys are part of the interface that scripts rely on; all are there, `null` where unknown.
package struct ErrorSummary: SummaryDocument, Sendable, Equatable {
    /// The exit status.
    package var exit: Int32
    /// What happened.
    package var error: SummaryError
    /// The target's URL.
    package var target: String?
    /// The run directory's absolute path.
    package var run_dir: String?
    /// Seconds from the process's start.
    package var seconds: Double

    /// Makes what is printed.
    package init(exit: Int32, error: SummaryError, target: String?, run_dir: String?, seconds: Double) {
        self.exit = exit
        self.error = error
        self.target = target
        self.run_dir = run_dir
        self.seconds = seconds
    }

    private enum CodingKeys: String, CodingKey { case exit, error, target, run_dir, seconds }

    /// Writes every key, also where its value is nil.
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(exit, forKey: .exit)
        try members.encode(error, forKey: .error)
        try members.encode(target, forKey: .target)
        try members.encode(run_dir, forKey: .run_dir)
        try members.encode(seconds, forKey: .seconds)
    }
}

/// What ended a command early, as a summary says it: the parts of a ``RunError``.
package struct SummaryError: Sendable, Codable, Equatable {
    /// The name of the ``RunError/Code-swift.struct``.
    package var code: String
    /// What happened.
    package var message: String
    /// What to do about it; nil where nothing is to be done.
    package var remedy: String?
    /// The file or directory where it happened.
    package var file: String?
    /// The line in the file, from 1.
    package var line: Int64?
    /// The record: its ordinal in the file, or in the run where there is no file; from 1.
    package var recordNumber: Int64?

    private enum CodingKeys: String, CodingKey {
        case code, message, remedy, file, line
        case recordNumber = "record"
    }

    /// The parts of an error.
    package init(_ error: RunError) {
        self.init(code: error.code.description, message: error.message, remedy: error.remedy)
        file = error.place?.path
        line = error.place?.line
        recordNumber = error.place?.recordNumber
    }

    /// An error without a place.
    package init(code: String, message: String, remedy: String? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    /// Writes every key, also where its value is nil.
    package func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(code, forKey: .code)
        try members.encode(message, forKey: .message)
        try members.encode(remedy, forKey: .remedy)
        try members.encode(file, forKey: .file)
        try members.encode(line, forKey: .line)
        try members.encode(recordNumber, forKey: .recordNumber)
    }
}
