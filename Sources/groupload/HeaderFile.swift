import GroupLoad
import Synchronization

/// Headers that stand in a file, `--header @FILE`, as curl has it: one a line, `Name: value`. Blank lines and those
/// that begin with `#` are passed over.
enum HeaderFile {
    /// The lines of the files that were read: a pipe can be read once only.
    private static let known = Mutex<[String: [String]]>([:])

    /// The headers that a word gives: itself, or the lines of the file that it names.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``. No message holds a value.
    static func lines(_ word: String) throws(RunError) -> [String] {
        guard word.hasPrefix("@") else { return [word] }
        if let lines = known.withLock({ $0[word] }) { return lines }
        let path = placedPath(String(word.dropFirst()))
        let text = try SecretFile.text(
            path, "file of headers", guarded: SystemCall.environment["CREDENTIALS_DIRECTORY"])
        var lines: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let bare = line.drop { $0 == "\u{FEFF}" || $0 == " " || $0 == "\t" }
            guard !bare.isEmpty, bare.first != "#" else { continue }
            guard ClientAccess.field(String(bare)) != nil else {
                throw RunError(
                    .credentials,
                    "the file of headers \(Shown.text(path)), line \(index + 1): it is no \"Name: value\"",
                    naming: RunError.Place(path: path, line: Int64(index + 1)))
            }
            lines.append(String(bare))
        }
        known.withLock { $0[word] = lines }
        return lines
    }

    /// The words of a command line that name files of headers which can be read again.
    static func words(in arguments: [String]) -> [String] {
        let flag = "--header"
        return arguments.indices.compactMap { place -> String? in
            let word = arguments[place]
            if word.hasPrefix(flag + "=") { return String(word.dropFirst(flag.count + 1)) }
            return word == flag && place + 1 < arguments.count ? arguments[place + 1] : nil
        }.filter { $0.hasPrefix("@") && !$0.hasPrefix("@/dev/fd/") }
    }

    /// The names of the headers, in lower case, that a word gave when it was read.
    static func names(in word: String) -> [String] {
        known.withLock { $0[word] ?? [] }.map(Setting.headerName)
    }

    /// The headers that all of the words give.
    ///
    /// - Throws: as ``lines(_:)``.
    static func lines(_ words: [String]) throws(RunError) -> [String] {
        var lines: [String] = []
        for word in words { lines += try Self.lines(word) }
        return lines
    }
}
