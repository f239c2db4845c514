import ArgumentParser
import Foundation
import GroupLoad
import RecordFormats
import RewardsClient

/// `groupload export`: the target's groups into a list.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the target's groups as a list that import reads.",
        discussion: """
            Examples:
              groupload export --cluster eu -o groups.csv.gz
              groupload export --cluster eu --active yes --format ndjson | jq .name

            Every group is written once, also if others create or change groups in the meantime. Exit status 4 if the \
            target's list changes faster than it can be read. A file with the suffix .gz or .zst is compressed.
            """)

    @OptionGroup(title: "What is exported") var selection: ExportSelection
    @OptionGroup(title: HelpSection.target) var target: TargetOptions
    @OptionGroup(title: HelpSection.pace) var pace: PaceOptions
    @OptionGroup(title: HelpSection.pace) var pages: ExportPace
    @OptionGroup(title: HelpSection.output) var output: ExportOutput

    /// The file to write; nil for standard output.
    private var destination: String? { output.output == "-" ? nil : output.output }

    func run() async throws {
        var query = ListQuery(name: selection.name)
        switch selection.sort {
        case .rank: (query.sort, query.order) = (.rank, .ascending)
        case .updated: (query.sort, query.order) = (.lastUpdated, .descending)
        case nil: break
        }
        JSONOutput.name(target: try target.settings(pace.waits).url)
        var summary = try await TargetReading.run(
            target, pace, connections: pages.concurrency, isShown: output.screen.isShown
        ) { [query, selection, pages, output, destination] reading in
            try await Export(
                reading.reader, query: query, active: selection.active, concurrency: pages.concurrency,
                fields: selection.fields,
                format: output.format ?? destination.flatMap { RecordFormat.ofOutput($0) } ?? .csv, to: destination,
                note: reading.note
            )
            .run()
        }
        if output.screen.isShown {
            Console.note(
                """
                \(Shown.count(summary.written, "group")) written\(destination.map { " to \(Shown.text($0))" } ?? ""), \
                \(Shown.count(summary.requests, "request"))\n
                """
            )
        }
        summary.target = try target.settings(pace.waits).url
        summary.seconds = JSONOutput.seconds
        if summary.total != nil {
            summary.exit = ExitStatus.unresolved.rawValue
        } else if summary.written < summary.selected {
            summary.exit = ExitStatus.finishedWithFailures.rawValue
        }
        if output.screen.json { try JSONOutput.print(summary) }
        if let total = summary.total {
            Console.error(
                """
                the list changed faster than it could be read: \(Shown.count(summary.read, "group")) read, the target \
                says it has \(Shown.number(total)); 
                """
                    + "some may be missing; export again when there is less going on"
            )
        }
        if summary.exit != 0 { throw ExitCode(summary.exit) }
    }
}

/// The flags that say which groups are exported, and what of each.
struct ExportSelection: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Only groups that are active (yes), or only groups that are not (no).", valueName: "yes|no"),
        transform: parsedYesNo)
    var active: Bool?

    @Option(help: ArgumentHelp("Only groups that the target finds by this text in their names.", valueName: "text"))
    var name: String?

    @Option(
        help: ArgumentHelp(
            "The order: rank, or updated (the group that changed last comes first) (default: the target's own).",
            valueName: "order"))
    var sort: Sort?

    @Option(
        help: ArgumentHelp(
            """
            What to write of each group, for example name,rank; any of \
            \(GroupField.allCases.map(\.rawValue).joined(separator: ", ")).
            """, valueName: "fields"),
        transform: { text in
            try text.split(separator: ",").map { part in
                let name = part.drop { $0 == " " }.lowercased()
                guard let field = GroupField.allCases.first(where: { $0.rawValue.lowercased() == name }) else {
                    throw ValidationError(
                        "\(name) is no field; write \(GroupField.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return field
            }
        })
    var fields: [GroupField] = GroupField.standard

    /// What `--sort` may be.
    enum Sort: String, ArgumentWord { case rank, updated }

    func validate() throws {
        guard !fields.isEmpty, Set(fields).count == fields.count else {
            throw ValidationError("--fields names each field once, and at least one.")
        }
    }
}

/// The flag that says how fast an export reads.
struct ExportPace: ParsableArguments {
    @Option(help: ArgumentHelp("How many pages of the list may be read at once, from 1 to 64.", valueName: "n"))
    var concurrency = 8

    func validate() throws {
        guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 64.") }
    }
}

/// The flags that say what an export writes and shows.
struct ExportOutput: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: ArgumentHelp("The file to write (default: standard output).", valueName: "file"), completion: .file(),
        transform: parsedPath)
    var output: String?

    @Option(
        help: ArgumentHelp(
            "The format to write, where the output's suffix doesn't show it: csv, json, ndjson, xml or xlsx; else CSV.",
            valueName: "format"))
    var format: RecordFormat?

    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        guard !screen.json || (output ?? "-") != "-" else {
            throw ValidationError("--json prints on standard output, where the list goes; give --output.")
        }
    }
}
