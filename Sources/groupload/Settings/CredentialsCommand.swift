import GroupLoad

/// A command that prints what a credentials file holds.
struct CredentialsCommand: Sendable {
    /// The program and its arguments; no shell reads them.
    let words: [String]
    /// Where it was given.
    let source: Setting.Source

    /// How long it may take: somebody may have to unlock a store of passwords.
    private static let timeMax = Duration.seconds(120)

    /// Runs it, with an empty standard input and this process's standard error, and reads what it prints.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``, or with that of the signal that ended the process
    ///   meanwhile. No message holds what it printed.
    func values() throws(RunError) -> [String: String] {
        let name = "credentials-command"
        let errorLine: ((String) -> Void)? =
            LogFormat.current == .json ? { Console.noteLine("\(name): \($0)") } : nil
        let run = CommandRun(words: words, timeMax: Self.timeMax, errorLine: errorLine, beat: { Watching.beat() })
        switch run.end() {
        case .unable(let code): throw failure("can't be run: \(SystemCall.message(code))")
        case .late: throw failure("took over \(Self.timeMax.components.seconds) seconds, or printed too much")
        case .stopped(let status): throw StopReason.signal(status).error
        case .ended(let bytes, 0):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("printed what isn't UTF-8") }
            return try CredentialsFile.parse(text, "that \(name) prints")
        case .ended(_, let status):
            let signal = status & 0x7F
            throw failure(signal == 0 ? "ended with status \(status >> 8 & 0xFF)" : "was ended by signal \(signal)")
        }
    }

    private func failure(_ what: String) -> RunError {
        RunError(
            .credentials, "credentials-command (\(source.text)): \(Shown.text(words.first ?? "", limit: 60)) \(what)",
            naming: .path(source.name))
    }
}
