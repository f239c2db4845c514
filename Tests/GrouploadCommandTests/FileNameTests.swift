import Foundation
import TestSupport
import Testing

/// Names of files and directories that aren't UTF-8: Linux paths are bytes.
@Suite struct FileNameTests {
    /// Loads a list of such a name in a directory of such a name into a run directory of such a name, takes it up
    /// again, proves it from elsewhere, and takes it back.
    private static let script = """
        groupload=$1 target=$2
        directory=$'d\\xff\\xe9' list=$'caf\\xe9\\xc3.csv' run=$'run\\xe9'
        mkdir "$directory" && cd "$directory" && printf 'name\\nGold\\nSilver\\n' > "$list" || exit 99
        "$groupload" validate 'caf*.csv' --results $'r\\xe9s.csv' --quiet; echo "validate $?"
        test -s $'r\\xe9s.csv'; echo "results $?"
        "$groupload" import "$list" --target "$target" --run-dir "$run"; echo "import $?"
        grep -o 'caf.*csv' "$run/summary.json" | head -n 1
        cd ..
        "$groupload" resume "$directory/$run" --quiet; echo "resume $?"
        "$groupload" verify "$directory/$run" --against-target; echo "verify $?"
        "$groupload" undo "$directory/$run" --yes --quiet --run-dir $'u\\xfe'; echo "undo $?"
        test -s $'u\\xfe/results.csv'; echo "undone $?"
        printf 'changed\\n' >> "$directory/$list"
        "$groupload" verify "$directory/$run" | grep -o 'caf.*csv has changed'
        "$groupload" validate $'none\\xe9\\x1b.csv'; echo "none $?"
        """

    @Test("a list, its directory and its run are read, kept, opened again and shown escaped") func bytes() async throws
    {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        var command = Command("/bin/bash", ["-c", Self.script, "bash", Command.groupload([]).path, sandbox.url])
        command.environment = Command.sandboxCredentials
        command.directory = scratch.path
        let result = try await command.run()
        #expect(
            result.outputText.split(separator: "\n").map(String.init) == [
                "validate 0", "results 0", "import 0", "caf\\\\xE9\\\\xC3.csv", "resume 0", "verify 0", "undo 0",
                "undone 0", "caf\\xE9\\xC3.csv has changed", "none 66",
            ], "\(result.errorText)")
        #expect(result.errorText.contains("Report: run\\xE9\n"))
        #expect(result.errorText.contains("no such file: none\\xE9\\u{1B}.csv"))
    }
}
