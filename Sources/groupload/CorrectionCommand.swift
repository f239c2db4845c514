import GroupLoad
import RecordFormats

/// The command that imports what a run left to correct, to be pasted into a shell: with the options of the run that
/// matter for that, and no secret.
struct CorrectionCommand {
    /// The name of the file of a run that is to be corrected.
    static func file(of summary: Summary) -> String {
        RecordTable.namesToCorrect.first { summary.files[$0] != nil } ?? "failed.csv"
    }

    private let configuration: RunConfiguration
    private let credentials: String?

    /// - Parameter credentials: the file that the credentials come from; nil for the environment.
    init(_ configuration: RunConfiguration, credentials: String?) {
        self.configuration = configuration
        self.credentials = credentials
    }

    /// The command; nil where nothing is to be corrected, or the run is to be resumed first.
    func text(after summary: Summary, in directory: RunDirectory) -> String? {
        func count(_ outcome: Outcome) -> Int { summary.outcomes[outcome.rawValue, default: 0] }
        guard [.invalid, .failed, .unresolved].contains(where: { count($0) > 0 }), count(.unprocessed) == 0 else {
            return nil
        }
        let list = directory.path + "/" + Self.file(of: summary)
        var words = ["groupload", "import", PathText.shellWord(list)]
        let options = configuration.correctionOptions
        words += options.enumerated().map { place, text in
            place > 0 && options[place - 1] == "--ca-file" ? PathText.shellWord(text) : ShellWord.quoted(text)
        }
        // What the list's own encoding could have read is read so here.
        if let encoding = encoding(of: list) { words += ["--encoding", encoding.rawValue] }
        if let credentials { words += ["--credentials", PathText.shellWord(credentials)] }
        if let next = nextDirectory(after: directory) { words += ["--run-dir", PathText.shellWord(next)] }
        return words.joined(separator: " ")
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
