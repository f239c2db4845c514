import ArgumentParser
import Foundation
import GroupLoad

/// An argument with a few values, which may be written in capitals.
protocol ArgumentWord: ExpressibleByArgument, CaseIterable, RawRepresentable where RawValue == String {}

extension ArgumentWord {
    /// Reads a value regardless of case.
    init?(argument: String) {
        guard let word = Self.allCases.first(where: { $0.rawValue.lowercased() == argument.lowercased() }) else {
            return nil
        }
        self = word
    }
}

/// Reads yes or no, in the words that people use.
func parsedYesNo(_ text: String) throws -> Bool {
    switch text.lowercased() {
    case "true", "yes", "y", "t", "1", "on": return true
    case "false", "no", "n", "f", "0", "off": return false
    default: throw ValidationError("write yes or no")
    }
}

extension CompletionKind {
    /// Files that may be lists, by their suffixes.
    static let lists = file(extensions: [
        "csv", "tsv", "tab", "txt", "json", "ndjson", "jsonl", "xml", "xlsx", "gz", "zst",
    ])
    /// Files that may be plans.
    static let plans = file(extensions: ["json"])
}

/// Reads a path, see ``PathText``: `~/` at its start is the home directory, also where the shell has left it because
/// of quotes or `=`.
func parsedPath(_ text: String) throws -> String {
    guard !text.isEmpty else { throw ValidationError("a path is needed; is a variable of the shell empty?") }
    return placedPath(text)
}

/// The path that an argument names, `~/` in quotes among it.
func placedPath(_ text: String) -> String {
    let path = PathText.text(Arguments.bytes(text))
    guard path.hasPrefix("~/"), let home = SystemCall.environment["HOME"], home.hasPrefix("/"),
        !SystemCall.exists("~")
    else { return path }
    return home + path.dropFirst(home.hasSuffix("/") ? 2 : 1)
}

/// Reads a rate.
func parsedRate(_ text: String) throws -> RequestRate {
    do throws(RequestRate.Fault) { return try RequestRate(reading: text) } catch {
        throw ValidationError(error.message)
    }
}

/// Reads a bound on records, as `N` or `N%`.
func parsedLimit(_ text: String) throws -> ErrorLimit {
    guard let limit = ErrorLimit(text) else {
        throw ValidationError("write a whole number or a percentage, for example 100 or 5%")
    }
    return limit
}

/// Reads a length of time with its unit.
func parsedWait(_ text: String) throws -> Duration {
    if NumberText.whole(text) != nil { throw ValidationError("it has no unit; write \(text)s or \(text)m") }
    guard let duration = WaitLength.duration(text) else {
        throw ValidationError("write 90s, 15m or 2h; at most 7 days")
    }
    return duration
}

/// Reads a number of seconds, with or without the unit.
func parsedSeconds(_ text: String) throws -> Double {
    let seconds =
        Double(text) ?? WaitLength.duration(text).map { Double($0.components.seconds) }
    guard let seconds, seconds > 0, seconds <= 600 else {
        throw ValidationError("write a number of seconds above 0 and at most 600, for example 10")
    }
    return seconds
}
