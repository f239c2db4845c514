import ArgumentParser
import GroupLoad

/// The flags that say whom a run is told to, beside the screen.
struct WatchOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            """
            Write what the run has counted to this file every 15 seconds and at the end, for the textfile collector of \
            Prometheus's node exporter. Its name ends with .prom. Each job needs a file of its own.
            """, valueName: "file"),
        transform: parsedMetricsPath)
    var metricsFile: String?

    // Read by the command: a parser's error would show it.
    @Option(
        help: ArgumentHelp(
            """
            Tell this address of the run, as healthchecks.io has it: a GET of URL/start at the start, and of \
            URL/EXITSTATUS at the end.
            """, valueName: "url"))
    var ping: String?

    @OptionGroup var log: LogOptions
}

/// Reads the path of a file of metrics.
func parsedMetricsPath(_ text: String) throws -> String {
    guard text.hasSuffix(MetricsFile.suffix) else {
        throw ValidationError("the name must end with \(MetricsFile.suffix), or the collector doesn't read the file")
    }
    return try parsedPath(text)
}
