import GroupLoad
import RecordFormats

/// The command that imports what a run left to correct, to be pasted into a shell: with the options of the run that
/// matter for that, and no secret.
struct CorrectionCommand {
    /// The name of the file of a run that is to be corrected.
    static func file(of summary: Summary) -> String {
        RecordTable.namesToCorrect.first { summary.files[$0] != nil } ?? "failed.csv"
    }

    /// The words of a command for a shell, some of which are options, and others may be paths.
    static func words(_ words: [String]) -> [String] {
        words.map { $0.hasPrefix("-") ? ShellWord.quoted($0) : PathText.shellWord($0) }
    }

    private let configuration: RunConfiguration
    private let credentials: String?

    /// - Parameter credentials: the file that the credentials come from; nil for the environment.
    init(_ configuration: RunConfiguration, credentials: String?) {
        self.configuration = configuration
        self.credentials = credentials
    }

    /// The command; nil where nothing is to be corrected, or the run is to be resumed first. Where too many records
    /// were to be corrected for the rest to be sent, it imports that, too.
    func text(after summary: Summary, in directory: RunDirectory) -> String? {
        guard summary.unread != true else { return nil }
        // What is unresolved alone is looked up again where the run is resumed.
        guard summary.count(.invalid) + summary.count(.failed) > 0 else {
            return changing(summary, directory)
        }
        if summary.requests == 0, let misread = summary.misread { return rereading(misread, directory) }
        let list = directory.path + "/" + Self.file(of: summary)
        var words = ["groupload", "import", PathText.shellWord(list)]
        if summary.count(.unprocessed) > 0 {
            let rest = directory.path + "/unprocessed.csv"
            // Both are read in one encoding.
            guard summary.hasTooManyErrors, encoding(of: list) == nil || LikelyEncoding.isASCII(rest) else {
                return nil
            }
            words.append(PathText.shellWord(rest))
        }
        let options = unset(configuration.correctionOptions)
        words += options.enumerated().map { place, text in
            place > 0 && options[place - 1] == "--ca-file" ? PathText.shellWord(text) : ShellWord.quoted(text)
        }
        // What the list's own encoding could have read is read so here.
        if let encoding = encoding(of: list) { words += ["--encoding", encoding.rawValue] }
        return (words + ending(after: directory)).joined(separator: " ")
    }

    /// The command that changes groups which differ from what a correction says of them; nil where none does.
    private func changing(_ summary: Summary, _ directory: RunDirectory) -> String? {
        let isRefused = configuration.existing != .skip || configuration.inputs.contains { $0.given == "-" }
        guard summary.existing_differing ?? 0 > 0, summary.count(.unprocessed) == 0, !isRefused else { return nil }
        let words = Self.words(configuration.command) + ["--on-existing", "update"]
        return (words + ending(after: directory)).joined(separator: " ")
    }

    /// The command that reads the lists of a run again, of which nothing was sent, in the encoding that they are likely
    /// to be in; nil where they can't be read again, or not all are in it.
    private func rereading(_ misread: [Misread], _ directory: RunDirectory) -> String? {
        let given = configuration.inputs.map(\.given)
        let encodings = Set(misread.map(\.encoding))
        guard let encoding = encodings.first, encodings.count == 1, !given.contains("-"), configuration.plan == nil,
            Set(given) == Set(misread.map(\.path))
        else { return nil }
        let words = Self.words(configuration.command) + ["--encoding", encoding]
        return (words + ending(after: directory)).joined(separator: " ")
    }

    /// The options of a command that no configuration has.
    private func ending(after directory: RunDirectory) -> [String] {
        let given = Settings.current.hasCredentials ? nil : credentials
        let credentials = given.map { ["--credentials", PathText.shellWord($0)] } ?? []
        let profile = Settings.current.profile.map { ["--profile", ShellWord.quoted($0)] } ?? []
        let headers = HeaderFile.words(in: Arguments.given).flatMap { word in
            ["--header", "@" + PathText.shellWord(placedPath(String(word.dropFirst())))]
        }
        return profile + credentials + headers
            + (nextDirectory(after: directory).map { ["--run-dir", PathText.shellWord($0)] } ?? [])
    }

    /// Options without the headers that the settings, or files of headers, give again.
    private func unset(_ options: [String]) -> [String] {
        let names = HeaderFile.words(in: Arguments.given).reduce(into: Settings.current.headerNames) {
            $0.formUnion(HeaderFile.names(in: $1))
        }
        let dropped = options.indices.filter { place in
            options[place] == "--header" && place + 1 < options.count
                && names.contains(Setting.headerName(options[place + 1]))
        }
        return options.indices.filter { !dropped.contains($0) && !dropped.contains($0 - 1) }.map { options[$0] }
    }

    /// The encoding that a file of what is to be corrected is likely to be in; nil for UTF-8.
    func encoding(of list: String) -> TextEncoding? {
        guard list.hasSuffix(".csv"), configuration.reading.encoding == nil else { return nil }
        return LikelyEncoding.of(list)
    }

    /// The directory of the correction's run: beside the first, where the user named that.
    private func nextDirectory(after directory: RunDirectory) -> String? {
        guard directory.path != RunLocation.runsDirectory + "/" + directory.run else { return nil }
        var base = directory.path
        while base.count > 1, base.hasSuffix("/") { base.removeLast() }
        if let end = base.firstMatch(of: /-corrected(-[0-9]+)?$/) { base = String(base[..<end.range.lowerBound]) }
        base += "-corrected"
        return ([base] + (2...999).map { "\(base)-\($0)" }).first { !SystemCall.exists($0) }
    }
}
