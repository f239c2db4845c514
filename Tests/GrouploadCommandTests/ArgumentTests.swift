import Foundation
import TestSupport
import Testing

/// The command line as people write it: taken as it is meant, or refused with the form.
@Suite struct ArgumentTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(
        "wrong usage ends with 64 and says what is right",
        arguments: [
            (["imprt", "x.csv"], "there is no command imprt; did you mean import?"),
            (["frobnicate"], "the commands are validate, plan, import"),
            (["import", "x.csv", "--max-error", "5"], "there is no flag --max-error; did you mean --max-errors?"),
            (["import", "x.csv", "--quite"], "did you mean --quiet?"),
            (["import", "x.csv", "-quiet"], "there is no flag -quiet; did you mean --quiet?"),
            (["export", "--deactivate-missing"], "--deactivate-missing is a flag of plan, import, not of export"),
            (["import", "x.csv", "--rate", "1000"], "write 1000/min or 1000/s"),
            (["import", "x.csv", "--rate", "fast"], "write N/min or N/s"),
            (["import", "x.csv", "--wait-max", "90"], "write 90s or 90m"),
            (["import", "x.csv", "--connect-timeout", "0"], "a number of seconds above 0 and at most 600"),
            (["import", "x.csv", "--max-errors", "many"], "a whole number or a percentage"),
            (["import", "x.csv", "--on-existing", "replace"], "'skip', 'fail' or 'update'"),
            (["import", "x.csv", "--target", "EU"], "give --cluster eu"),
            (["import", "x.csv", "--concurrency", "all"], "from 1 to 4096"),
            (["export", "--active", "maybe"], "write yes or no"),
            (
                ["validate", "x.csv", "--map", "name=A,rank=R", "--map", "name=B"],
                "--map says that name is \"A\" and \"B\"; give it once"
            ),
            (["validate", ""], "is a variable of the shell empty?"),
            (["validate", "x.csv", "--results", ""], "is a variable of the shell empty?"),
        ])
    func refuses(arguments: [String], part: String) async throws {
        let result = try await scratch.groupload(arguments).run()
        #expect(result.status == 64, "\(result.errorText)")
        #expect(result.errorText.contains(part), "\(result.errorText)")
        #expect(result.errorText.hasPrefix("groupload: ") && result.output.isEmpty)
        #expect(result.errorText.split(separator: "\n").count <= 3, "\(result.errorText)")
    }

    @Test(
        "hostile arguments reach the screen escaped",
        arguments: [["\u{1B}[31mx"], ["import", "x", "--\u{9B}1m\u{202E}"]])
    func escapes(arguments: [String]) async throws {
        let result = try await scratch.groupload(arguments).run()
        #expect(result.status == 64)
        #expect(
            !result.errorText.unicodeScalars.contains {
                $0.value < 0x20 && $0 != "\n" || $0.value == 0x9B || $0.value == 0x202E
            })
        #expect(result.errorText.contains("\\u{"))
    }

    @Test(
        "an import takes what is meant",
        arguments: [
            ["--rate", "60,000/min"], ["--rate", "1000/s"], ["--wait-max", "2 min"], ["--connect-timeout", "5s"],
            ["--max-errors", "5", "%"], ["--max-errors", "5 %"], ["--on-existing", "SKIP"],
            ["--run-dir=~/load"], ["--run-dir", "~/load"],
        ])
    func takes(options: [String]) async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name\nGold\n", as: "list.csv")
        let address = try #require(sandbox.url.split(separator: "/").last.map(String.init))
        var command = scratch.groupload(
            ["import", list, "--target", address + "/api_gateway/core/v1/group", "--quiet"] + options)
        command.environment["HOME"] = scratch.path
        let result = try await command.run()
        #expect(result.status == 0, "\(result.errorText)")
        #expect(try await sandbox.stored().count == 1)
        if options.joined().contains("~/") {
            #expect(FileManager.default.fileExists(atPath: scratch.file("load/results.csv")))
        }
    }

    @Test("- is standard output for every file that is written") func standardOutput() async throws {
        let sandbox = try await SandboxProcess.start()
        let list = try scratch.write("name,rank\nGold,1\n", as: "list.csv")
        let checked = try await scratch.groupload(["validate", list, "--results", "-", "--quiet"]).run()
        #expect(checked.status == 0 && checked.outputText.hasPrefix("_record,_source"), "\(checked.errorText)")
        #expect(checked.outputText.split(separator: "\n").count == 2)
        let target = ["--target", sandbox.url]
        let planned = try await scratch.groupload(["plan", list, "-o", "-", "--quiet"] + target).run()
        #expect(planned.status == 0 && planned.outputText.hasPrefix("{"), "\(planned.errorText)")
        let exported = try await scratch.groupload(["export", "-o", "-", "--active", "yes", "--quiet"] + target).run()
        #expect(exported.outputText == "id,name,rank,isActive\n", "\(exported.errorText)")
        let loaded = try await scratch.groupload(["import", list, "--run-dir", "run", "--quiet"] + target).run()
        #expect(loaded.status == 0)
        let reported = try await scratch.groupload(["report", "run", "--format", "csv", "-o", "-"]).run()
        #expect(reported.outputText.hasPrefix("_record,"), "\(reported.errorText)")
        #expect(!FileManager.default.fileExists(atPath: scratch.file("-")))
        for arguments in [
            ["validate", list, "--results", "-", "--json"], ["plan", list, "-o", "-", "--json"] + target,
        ] {
            let both = try await scratch.groupload(arguments).run()
            #expect(both.status == 64 && both.errorText.contains("standard output"), "\(both.errorText)")
        }
    }
}
