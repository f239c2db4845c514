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
            Example:
              groupload export --cluster eu -o groups.csv.gz
              groupload export --cluster eu --active true --format ndjson | jq .name

            Groups that are created or changed while the list is read are neither missing nor written twice; exit \
            status 4 if the list changes faster than it can be read. With a suffix .gz or .zst the file is \
            compressed.
            """)

    @OptionGroup var target: TargetOptions

    @Option(name: [.customShort("o"), .customLong("output")], help: "The file to write; by default standard output.")
    var output: String?

    @Option(help: "csv, json, ndjson or xml, where the output's suffix doesn't say; csv by default.")
    var format: RecordFormat?

    @Option(help: "Only groups that are in use (true), or are not (false).")
    var active: Bool?

    @Option(help: "Only groups with this in their names, as the target understands that.")
    var name: String?

    @Option(help: "The order: rank, or updated (what changed last comes first); by default the target's own.")
    var sort: Sort?

    @Option(
        help:
            """
            What to write of each group, for example name,rank; any of \
            \(GroupField.allCases.map(\.rawValue).joined(separator: ", ")).
            """,
        transform: { text in
            try text.split(separator: ",").map { name in
                guard let field = GroupField(rawValue: String(name)) else {
                    throw ValidationError(
                        "\(name) is no field; write \(GroupField.allCases.map(\.rawValue).joined(separator: ", "))")
                }
                return field
            }
        })
    var fields: [GroupField] = GroupField.standard

    @Option(help: "Pages read at once, from 1 to 64.")
    var concurrency = 8

    @Option(help: "The allowance to spend evenly, as N/min or N/s; auto finds it out from the target's 429s.")
    var rate = ImportCommand.Rate.auto

    @Flag(help: "Show no progress and no summary.")
    var quiet = false

    @Flag(help: "With --output: print the summary as one JSON object on standard output.")
    var json = false

    /// What `--sort` may be.
    enum Sort: String, CaseIterable, ExpressibleByArgument { case rank, updated }

    func validate() throws {
        guard (1...64).contains(concurrency) else { throw ValidationError("--concurrency must be from 1 to 64.") }
        guard !fields.isEmpty, Set(fields).count == fields.count else {
            throw ValidationError("--fields names each field once, and at least one.")
        }
        guard !json || destination != nil else {
            throw ValidationError("--json prints on standard output, where the list goes; give --output.")
        }
    }

    /// The file to write; nil for standard output.
    private var destination: String? { output == "-" ? nil : output }

    func run() async throws {
        var query = ListQuery(name: name)
        switch sort {
        case .rank: (query.sort, query.order) = (.rank, .ascending)
        case .updated: (query.sort, query.order) = (.lastUpdated, .descending)
        case nil: break
        }
        JSONOutput.name(target: try target.settings().url)
        var summary = try await TargetReading.run(
            target, connections: concurrency, rate: rate, isShown: !quiet
        ) { [query, active, concurrency, fields, format, destination] reading in
            try await Export(
                reading.reader, query: query, active: active, concurrency: concurrency, fields: fields,
                format: format ?? destination.flatMap { RecordFormat.ofOutput($0) } ?? .csv, to: destination,
                note: reading.note
            )
            .run()
        }
        if !quiet {
            Console.note(
                """
                \(summary.written) groups written\(destination.map { " to \($0)" } ?? ""); requests: \
                \(summary.requests)\n
                """
            )
        }
        summary.target = try target.settings().url
        summary.seconds = JSONOutput.seconds
        if summary.total != nil {
            summary.exit = ExitStatus.unresolved.rawValue
        } else if summary.written < summary.selected {
            summary.exit = ExitStatus.finishedWithFailures.rawValue
        }
        if json { try JSONOutput.print(summary) }
        if let total = summary.total {
            Console.error(
                """
                the list changed faster than it could be read: \(summary.read) groups were read, the target \
                says it has \(total); 
                """
                    + "some may be missing; export again when there is less going on"
            )
        }
        if summary.exit != 0 { throw ExitCode(summary.exit) }
    }
}
