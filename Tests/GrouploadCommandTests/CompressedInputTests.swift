import Foundation
import TestSupport
import Testing

/// Lists that gzip and zstd compressed.
@Suite struct CompressedInputTests {
    /// Runs a shell script with `$groupload` and `$1…` set, in a directory of its own.
    private func shell(_ script: String, _ arguments: [String] = []) async throws -> Command.Result {
        let scratch = try Scratch()
        var command = Command("/bin/bash", ["-euc", "set -o pipefail; " + script, "bash"] + arguments)
        command.environment = ["groupload": Command.groupload([]).path]
        command.directory = scratch.url("").path
        return try await command.run()
    }

    @Test(
        "a compressed list reads as the list does, from a file and from a pipe, of one member or several",
        arguments: ["clean.csv", "messy.json", "messy.xml"],
        ["gzip -9", "zstd -q"])
    func reads(sample: String, compressor: String) async throws {
        let result = try await shell(
            """
            "$groupload" validate "$1" --quiet --results plain.csv || [ $? = 1 ]
            cp "$1" list && split -b 200 list part.
            for part in part.*; do \(compressor) < "$part" >> several; done
            \(compressor) < list > "$2"
            "$groupload" validate "$2" --quiet --results file.csv || [ $? = 1 ]
            cat several | "$groupload" validate - --format "${1##*.}" --quiet --results pipe.csv || [ $? = 1 ]
            for results in plain file pipe; do cut -d, -f1,3- $results.csv > $results; done
            cmp plain file && cmp plain pipe && wc -l < plain
            """, [Samples.path(sample), sample + (compressor.hasPrefix("gzip") ? ".gz" : ".zst")])
        #expect(result.status == 0, "\(result.errorText)")
        #expect((Int(result.outputText.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) > 20)
    }

    @Test(
        "a list that was cut or damaged ends with 65, says so, and what came before counts",
        arguments: [
            ("gzip", "head -c -9", "is cut short"), ("gzip", "head -c 60000", "is cut short"),
            ("zstd -q", "head -c 60000", "is cut short"), ("gzip", "cat - <(echo more)", "is damaged near byte"),
            ("zstd -q", "cat - <(echo more)", "is damaged near byte"),
            (
                "gzip",
                """
                flip() { printf "\\x$(printf %x $(($(od -An -tu1 -j90000 -N1 whole) ^ 1)))"; }
                (head -c 90000; head -c 1 > flipped; flip; cat)
                """,
                "is damaged near byte"
            ),
        ])
    func damaged(compressor: String, damage: String, message: String) async throws {
        let result = try await shell(
            """
            (echo name; for i in $(seq 30000); do echo "Group $i $RANDOM $RANDOM"; done) | \(compressor) > whole
            \(damage) < whole > cut.csv.gz || true
            status=0; "$groupload" validate cut.csv.gz --json || status=$?; exit $status
            """)
        #expect(result.status == 65)
        #expect(result.errorText.contains("groupload: cut.csv.gz: the") && result.errorText.contains(message))
        let summary = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
        let outcomes = try #require(summary["outcomes"] as? [String: Int])
        #expect(try #require(summary["read"] as? Int) > 1000)
        #expect(outcomes.values.reduce(0, +) == summary["read"] as? Int)
    }

    @Test(
        "what expands without end ends with 65 in bounded memory",
        arguments: ["gzip -9", "zstd -q -3"], ["\\n", "a", "\""])
    func bomb(compressor: String, character: String) async throws {
        let scratch = try Scratch()
        let make = "(echo name; head -c 200M /dev/zero | tr '\\0' \"$1\") | \(compressor) > \"$0\""
        let made = try await Command("/bin/bash", ["-c", make, scratch.file("bomb.gz"), character]).run()
        #expect(made.status == 0, "\(made.errorText)")
        // In 150 MiB of its own.
        let shell = "ulimit -d 153600; exec \"$0\" validate \"$1\" --format csv"
        let result = try await Command(
            "/bin/sh", ["-c", shell, Command.groupload([]).path, scratch.file("bomb.gz")]
        ).run()
        #expect(result.status == 65)
        #expect(result.errorText.contains(character == "\\n" ? "expands more than 500 times" : "longer than 1048576"))
    }

    @Test("of a short list that was cut, the records that came through count, header or not") func cutShort()
        async throws
    {
        let result = try await shell(
            """
            printf 'name;rank\\nGold;1\\nSilver;2\\nBronze' | gzip | head -c -8 > cut.gz
            "$groupload" validate cut.gz --json > whole.json || [ $? = 65 ]
            tail -n +2 <(printf 'name,rank\\nGold,1\\nSilver,2\\nBronze') | gzip | head -c -8 > bare.gz
            "$groupload" validate bare.gz --no-header --columns name,rank --json > bare.json || [ $? = 65 ]
            jq -s 'map(.read)' -c whole.json bare.json
            """)
        #expect(result.outputText == "[2,2]\n", "\(result.errorText)")
    }

    @Test("zstd's frames that are passed over are, and what precedes a wrong check sum is read") func oddFrames()
        async throws
    {
        let result = try await shell(
            """
            (printf '\\x50\\x2a\\x4d\\x18\\x04\\x00\\x00\\x00abcd'; printf 'name\\na\\n' | zstd -q) > skipped
            "$groupload" validate skipped --json --format csv | jq .outcomes.draft
            (printf 'name\\na\\n' | gzip | head -c -8; printf '\\0\\0\\0\\0\\0\\0\\0\\0') > bad.csv.gz
            "$groupload" validate bad.csv.gz --json > bad.json || [ $? = 65 ]
            jq .read bad.json
            """)
        #expect(result.outputText == "1\n1\n", "\(result.errorText)")
        #expect(result.errorText.contains("bad.csv.gz: the gzip data is damaged near byte"))
    }

    @Test("an empty member, and zeros behind the last one, are nothing")
    func emptyMembers() async throws {
        let result = try await shell(
            """
            (gzip < /dev/null; printf 'name\\na\\n' | gzip; gzip < /dev/null; head -c 512 /dev/zero) > list.gz
            "$groupload" validate list.gz --json | jq .outcomes.draft
            """)
        #expect(result.outputText == "1\n", "\(result.errorText)")
    }
}
