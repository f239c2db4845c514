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
        "$groupload" plan "$directory/$list" --target "$target" -o $'p\\xe9.json' --quiet; echo "plan $?"
        "$groupload" plan --show $'p\\xe9.json' | grep -c Gold
        "$groupload" runs | grep -c 'd.xFF.xE9/run.xE9'
        printf 'changed\\n' >> "$directory/$list"
        "$groupload" verify "$directory/$run" 2>&1 | grep -o 'caf.*csv has changed'
        "$groupload" validate $'none\\xe9\\x1b.csv'; echo "none $?"
        """

    @Test("a list, its directory and its run are read, kept, opened again and shown escaped") func bytes() async throws
    {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        var command = Command("/bin/bash", ["-c", Self.script, "bash", Command.groupload([]).path, sandbox.url])
        command.environment = Command.sandboxCredentials
        // A variable that isn't UTF-8 is set by the shell.
        command.arguments[1] =
            "export XDG_STATE_HOME=$PWD/$'s\\xe9' TMPDIR=$PWD/$'t\\xe9'; mkdir \"$TMPDIR\"\n" + Self.script
        command.directory = scratch.path
        let result = try await command.run()
        #expect(
            result.outputText.split(separator: "\n").map(String.init) == [
                "validate 0", "results 0", "import 0", "caf\\\\xE9\\\\xC3.csv", "resume 0", "verify 0", "undo 0",
                "undone 0", "plan 0", "1", "1", "caf\\xE9\\xC3.csv has changed", "none 66",
            ], "\(result.errorText)")
        #expect(result.errorText.contains("Report: run\\xE9\n"))
        #expect(result.errorText.contains("no such file: none\\xE9\\u{1B}.csv"))
    }

    @Test("a sandbox keeps its groups in a file of such a name") func database() async throws {
        let scratch = try Scratch()
        let script = """
            for round in 1 2; do
                exec 3< <("$1" sandbox --database $'d\\xe9.db' --port 0 & echo $! > pid; wait)
                read -r url <&3
                printf "name\\nGold $round\\n" | "$1" import - --target "$url" --run-dir "run$round" --quiet || exit
                curl -s "$url/sandbox/stored" | wc -l
                kill "$(cat pid)"
                while kill -0 "$(cat pid)" 2> /dev/null; do read -r -t 0.1 <> <(:) || :; done
            done
            test -s $'d\\xe9.db' && echo kept
            """
        var command = Command("/bin/bash", ["-c", script, "bash", Command.groupload([]).path])
        command.environment = Command.sandboxCredentials
        command.directory = scratch.path
        let result = try await command.run()
        #expect(result.outputText == "1\n2\nkept\n", "\(result.errorText)")
    }
}
