import Foundation
import TestSupport
import Testing

/// `groupload.toml`: which of several values counts, and what is refused.
@Suite struct SettingsTests {
    private let scratch: Scratch

    init() throws {
        scratch = try Scratch()
        try FileManager.default.createDirectory(
            atPath: scratch.file("settings/groupload"), withIntermediateDirectories: true)
    }

    /// The command in the scratch directory, with the user's own settings there and no credentials.
    private func groupload(_ arguments: [String]) -> Command {
        var command = scratch.groupload(arguments)
        command.environment = ["XDG_CONFIG_HOME": scratch.file("settings")]
        return command
    }

    private func write(_ text: String, as name: String = "groupload.toml") throws {
        _ = try scratch.write(text, as: name)
    }

    /// The places that give a setting, the first of which counts.
    enum Place: CaseIterable { case flag, profile, environment, here, user, standard }

    static let pairs = Place.allCases.enumerated().flatMap { index, first in
        Place.allCases.dropFirst(index + 1).map { (first, $0) }
    }

    @Test("of two places the one before counts", arguments: pairs) func precedence(first: Place, second: Place)
        async throws
    {
        _ = try scratch.write("name\nGold\ngold\n", as: "list.csv")
        for (wanted, other) in [("folded", "exact"), ("exact", "folded")] {
            // Exact is the default.
            guard second != .standard || wanted == "folded" else { continue }
            var command = groupload(["validate", "list.csv", "--json"])
            var (here, profile, user) = ("", "", "")
            for (place, value) in [(first, wanted), (second, other)] {
                let line = "name-match = \"\(value)\"\n"
                switch place {
                case .flag: command.arguments += ["--name-match", value]
                case .profile:
                    profile = "[profile.p]\n" + line
                    command.arguments += ["--profile", "p"]
                case .environment: command.environment["GROUPLOAD_NAME_MATCH"] = value
                case .here: here = line
                case .user: user = line
                case .standard: break
                }
            }
            try write(here + profile)
            try write(user, as: "settings/groupload/groupload.toml")
            let result = try await command.run()
            let summary = try #require(try JSONSerialization.jsonObject(with: result.output) as? [String: Any])
            let outcomes = try #require(summary["outcomes"] as? [String: Int])
            #expect(outcomes["duplicate"] == (wanted == "folded" ? 1 : 0), "\(result.errorText)")
        }
    }

    @Test(
        "a file that can't be used is refused with its line, and with what was meant",
        arguments: [
            ("\nratee = \"1/s\"", 2, "did you mean rate?"), ("rate = \"10\"", 1, "write 10/min"),
            ("rate = 10", 1, "write rate = \"1000/min\""), ("a = hunter2", 1, "stands in quotes"),
            ("rate = \"1/s\"\nrate = \"2/s\"", 2, "given before"),
            ("[nightly]\nrate = \"1/s\"", 1, "[profile.nightly]"),
            ("[profil.a]", 1, "did you mean profile?"),
            ("[profile]\nrate = \"1/s\"", 2, "write [profile.NAME] above it"),
            ("[profile.a]\n[profile.a.profile.b]", 2, "can't hold another"), ("profile = \"a\"", 1, "--profile"),
            ("[profile.a]\ncluster = \"xx\"", 2, "'eu'"), ("name = \"Group\"", 1, "write map = { name"),
            ("[profile.a]\nratee = \"1/s\"", 2, "did you mean rate?"),
            ("[profile.a.mapp]\nname = \"Group\"", 1, "did you mean map?"),
            ("[profile.a]\nmap = { nme = \"Group\" }", 2, "did you mean name?"),
            ("[profile.a.map]\n\nnme = \"Group\"", 3, "did you mean name?"),
            ("[map]\nnme = \"Group\"", 2, "did you mean name?"), ("map.rnk = \"Order\"", 1, "did you mean rank?"),
            ("[map]\nname = \"Group\"\nrate = \"1/s\"", 3, "write rate above the table map"),
            ("[profile.a]\non-existing = \"update\"", 2, "on the command line only"),
            ("map = { nme = \"Group\" }", 1, "did you mean name?"), ("map = \"name=Group\"", 1, "write map = {"),
            ("map = { name = \"a, rank=b\" }", 1, "write map"), ("concurrency = 0", 1, "from 1 to 4096"),
            ("concurrency = \"4\"", 1, "write concurrency = 16"), ("null = \"NULL\"", 1, "write null = ["),
            ("null = [\"NULL\", 1]", 1, "write null = ["), ("on-existing = \"update\"", 1, "on the command line only"),
            ("yes = true", 1, "on the command line only"), ("zebra = 1", 1, "there is no setting zebra"),
            ("target = \"https://x\"\ncluster = \"eu\"", 2, "contradict each other"),
            ("credentials = \"a\"\ncredentials-command = [\"b\"]", 2, "contradict each other"),
            ("target = \"eu\"", 1, "cluster"), ("headers = [\"A: b\"]", 1, "write headers = {"),
            ("delimiter = \"ab\"", 1, "tab or another sign"), ("ledger = \"x\"", 1, "postgresql://"),
            ("ping = \"host\"", 1, "ping: "), ("[[profile]]", 1, "list of tables"),
            ("records-at = \"a..b\"", 1, "without empty ones"),
            ("target = \"ftp://host\"", 1, "isn't an address"), ("target = \"https://h:99999\"", 1, "isn't 1 to 65535"),
            ("target = \"https://host?a=b\"", 1, "a path of its own"),
            ("headers = { Host = \"a\" }", 1, "is the client's own to set"),
            ("[profile.a]\nheaders = { \"X y\" = \"a\" }", 2, "a character that HTTP doesn't allow"),
            ("headers = { X-A = \"hunter2\\u0007\" }", 1, "a control or non-ASCII character"),
            ("headers = \"file\"", 1, "write headers = {"), ("api-prefix = \"v1\"", 1, "must begin with /"),
            // Secrets.
            ("password = \"hunter2\"", 1, "looks like a secret"), ("api_key = \"hunter2\"", 1, "looks like a secret"),
            ("[profile.a]\nGROUPLOAD_SECRET = \"hunter2\"", 2, "looks like a secret"),
            ("till = \"hunter2\"", 1, "looks like a secret"), ("key = \"hunter2\"", 1, "looks like a secret"),
            ("[password]\nx = \"hunter2\"", 1, "looks like a secret"),
            ("headers = { Authorization = \"hunter2\" }", 1, "looks like a secret"),
            ("[headers]\nX-Auth-Token = \"hunter2\"", 2, "looks like a secret"),
            ("target = \"https://me:hunter2@host\"", 1, "user or password"),
            ("ledger = \"postgresql://me:hunter2@host/db\"", 1, "holds a password"),
            ("credentials = \"GROUPLOAD_PASSWORD=hunter2\"", 1, "holds credentials"),
            ("credentials-command = [\"echo\", \"GROUPLOAD_SECRET=hunter2\"]", 1, "holds credentials"),
        ] as [(String, Int, String)])
    func refused(text: String, line: Int, said: String) async throws {
        try write(text)
        let shown = try await groupload(["config", "show", "--json"]).run()
        #expect(shown.status == 78 && shown.errorText.contains("groupload.toml:\(line): "), "\(shown.errorText)")
        #expect(shown.errorText.contains(said) && !shown.errorText.contains("hunter2"), "\(shown.errorText)")
        #expect(shown.outputText.contains("\"exit\" : 78") && !shown.outputText.contains("hunter2"))
    }

    @Test("a command that uses settings refuses a file that can't be used, and no other does") func whoRefuses()
        async throws
    {
        try write("ratee = 1\n")
        for (arguments, status) in [
            (["validate", "none.csv"], 78), (["export", "--target", "http://localhost:1"], 78),
            (["resume", "--last"], 78), (["runs", "--directory", "."], 0), (["validate", "--help"], 0),
        ] as [([String], Int32)] {
            let result = try await groupload(arguments).run()
            #expect(result.status == status, "\(arguments): \(result.errorText)")
            #expect(result.errorText.contains("groupload.toml:1: ") == (status == 78))
        }
    }

    @Test("a variable that can't be used, and a profile that isn't there, are refused") func others() async throws {
        try write("[profile.nightly]\nrate = \"1/s\"\n")
        var command = groupload(["config", "show"])
        command.environment["GROUPLOAD_RATE"] = "10"
        let variable = try await command.run()
        #expect(variable.status == 78 && variable.errorText.contains("GROUPLOAD_RATE: it has no unit"))
        for (profile, said) in [("nighty", "did you mean nightly?"), ("x", "there are nightly"), ("", "there are")] {
            let result = try await groupload(["validate", "none.csv", "--profile=\(profile)"]).run()
            #expect(result.status == 78 && result.errorText.contains(said), "\(result.errorText)")
        }
    }

    @Test("a profile, and credentials, may be named by variables; one that nothing reads is noted, without its value")
    func variables() async throws {
        try write("[profile.nightly]\nrate = \"1/s\"\n[profile.other]\nrate = \"2/s\"\n")
        func show(_ environment: [String: String], _ flags: [String] = []) async throws -> Command.Result {
            var command = groupload(["config", "show"] + flags)
            command.environment.merge(environment) { $1 }
            return try await command.run()
        }
        let named = try await show(["GROUPLOAD_PROFILE": "nightly", "GROUPLOAD_CREDENTIALS": "/a", "GROUPLOAD_X": ""])
        #expect(named.status == 0 && named.outputText.contains("profile nightly, groupload.toml:2"))
        #expect(named.outputText.contains("GROUPLOAD_CREDENTIALS in the environment"), "\(named.outputText)")
        let flag = try await show(["GROUPLOAD_PROFILE": "nightly"], ["--profile", "other"])
        #expect(flag.outputText.contains("profile other, groupload.toml:4"))
        #expect(try await show(["GROUPLOAD_PROFILE": "none"]).status == 78)
        let both = try await show(["GROUPLOAD_CREDENTIALS": "/a", "GROUPLOAD_KEY": "hunter2"])
        #expect(both.status == 78 && both.errorText.contains("GROUPLOAD_CREDENTIALS and GROUPLOAD_KEY contradict"))
        for (name, said) in [
            ("GROUPLOAD_PASWORD", "did you mean GROUPLOAD_PASSWORD?"),
            ("GROUPLOAD_PROFLE", "did you mean GROUPLOAD_PROFILE?"),
            ("GROUPLOAD_HEADER", "headers has no variable"), ("GROUPLOAD_MAP", "map has no variable"),
            ("GROUPLOAD_ON_EXISTING", "--on-existing is given on the command line only"),
            ("GROUPLOAD_SERVICE_HOST", nil), ("GROUPLOAD_COMMIT", nil),
        ] as [(String, String?)] {
            for arguments in [["config", "show"], ["validate", "none.csv"]] {
                var command = groupload(arguments)
                command.environment[name] = "hunter2"
                let result = try await command.run()
                #expect(result.errorText.contains("\(name) isn't read; \(said ?? "")") == (said != nil), "\(name)")
                #expect(!(result.outputText + result.errorText).contains("hunter2"))
            }
        }
    }

    @Test("the guide names each setting that has a variable, and no other") func variablesInGuide() async throws {
        let path = URL(fileURLWithPath: Samples.directory).deletingLastPathComponent().path
        let page = try String(
            contentsOfFile: path + "/Sources/groupload/groupload.docc/Configure.md", encoding: .utf8)
        let start = try #require(page.firstRange(of: "These settings have variables"))
        let told = page[start.upperBound...].prefix { $0 != "#" }.matches(of: /`(GROUPLOAD_[A-Z_]+)`/).map {
            String($0.1)
        }
        let first = try await groupload(["config", "init"]).run()
        #expect(first.status == 0)
        let lines = try String(contentsOfFile: scratch.file("groupload.toml"), encoding: .utf8).split(separator: "\n")
        let settings = lines.prefix { !$0.contains("A profile, for") }
            .compactMap { $0.firstMatch(of: #/^\# (?<name>[a-z-]+) = "?(?<value>.*?)"?$/#) }
        #expect(settings.count > 20)
        var known: [String] = []
        for setting in settings {
            let name = "GROUPLOAD_" + setting.name.uppercased().replacing("-", with: "_")
            var command = groupload(["config", "show"])
            command.environment[name] = String(setting.value)
            if try await command.run().outputText.contains("\(name) in the environment") { known.append(name) }
        }
        #expect(told == known)
    }

    @Test("a file that others may write to, or that is no file, is refused") func trust() async throws {
        try write("rate = \"1/s\"\n")
        for mode in [0o664, 0o646, 0o600, 0o644] {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: scratch.file("groupload.toml"))
            let result = try await groupload(["config", "show"]).run()
            let isRefused = mode & 0o022 != 0
            #expect(result.status == (isRefused ? 78 : 0), "\(result.errorText)")
            #expect(result.errorText.contains("chmod go-w groupload.toml") == isRefused)
        }
        try FileManager.default.removeItem(atPath: scratch.file("groupload.toml"))
        _ = try scratch.pipe("groupload.toml")
        let pipe = try await groupload(["config", "show"]).run()
        #expect(pipe.status == 78 && pipe.errorText.contains("it isn't a file"), "\(pipe.errorText)")
    }

    @Test("another user's file, and another user's link to one, are refused", .enabled(if: getuid() == 0))
    func owned() async throws {
        try write("rate = \"1/s\"\n", as: "own.toml")
        try FileManager.default.createSymbolicLink(
            atPath: scratch.file("groupload.toml"), withDestinationPath: "own.toml")
        #expect(try await groupload(["config", "show"]).run().status == 0)
        for path in ["groupload.toml", "own.toml"] {
            #expect(lchown(scratch.file(path), 12345, 12345) == 0)
            let result = try await groupload(["config", "show"]).run()
            #expect(result.status == 78 && result.errorText.contains("another user"), "\(result.errorText)")
            #expect(lchown(scratch.file(path), getuid(), getgid()) == 0)
        }
    }

    @Test("init writes a file in which each setting can be used, and leaves one alone that is there") func begins()
        async throws
    {
        let first = try await groupload(["config", "init"]).run()
        #expect(first.status == 0, "\(first.errorText)")
        let text = try String(contentsOfFile: scratch.file("groupload.toml"), encoding: .utf8)
        let again = try await groupload(["config", "init"]).run()
        #expect(again.status == 73 && again.errorText.contains("nothing was written"))
        #expect(try String(contentsOfFile: scratch.file("groupload.toml"), encoding: .utf8) == text)
        #expect(try await groupload(["config", "show"]).run().status == 0)
        let lines = text.split(separator: "\n").filter { $0.contains(" = ") }.map { String($0.dropFirst(2)) }
        #expect(lines.count >= 20)
        for line in lines {
            try write(line + "\n")
            let result = try await groupload(["config", "show", "--json"]).run()
            let name = line.prefix { $0 != " " }
            #expect(result.status == 0 && result.outputText.contains("\"setting\" : \"\(name)\""), "\(line)")
            #expect(result.outputText.contains("\"line\" : 1"), "\(line): \(result.errorText)")
        }
    }

    @Test("show gives each setting with its source, and no value that may be secret") func shown() async throws {
        try write(
            """
            rate = "1000/min"
            headers = { X-Common = "hunter2" }
            [profile.p]
            cluster = "eu"
            credentials-command = ["show", "hunter2"]
            headers = { X-Own = "hunter2" }
            ping = "https://host.invalid/hunter2"
            """)
        try write("null = ['\\N']\n[profile.p]\nrate = '1/s'\n", as: "settings/groupload/groupload.toml")
        var command = groupload(["config", "show", "--profile", "p"])
        command.environment["GROUPLOAD_WAIT_MAX"] = "2h"
        command.environment["GROUPLOAD_TILL"] = "hunter2"
        let result = try await command.run()
        let rows = result.outputText.split(separator: "\n").map {
            $0.replacing(scratch.path + "/", with: "").split(separator: " ").joined(separator: " ")
        }
        #expect(result.status == 0 && !(result.outputText + result.errorText).contains("hunter2"))
        for row in [
            "cluster eu profile p, groupload.toml:4", "credentials-command show … profile p, groupload.toml:5",
            "headers X-Own: … profile p, groupload.toml:6", "headers X-Common: … groupload.toml:2",
            "rate 1000/min groupload.toml:1", "wait-max 2h GROUPLOAD_WAIT_MAX in the environment",
            "null \\N settings/groupload/groupload.toml:1", "concurrency 64 default",
            "ping https://host.invalid/… profile p, groupload.toml:7",
        ] { #expect(rows.contains(row), "\(row): \(rows)") }
        #expect(!rows.contains { $0.hasPrefix("target ") || $0.hasPrefix("credentials ") })
        #expect(result.errorText.contains("credentials: profile p, groupload.toml:5; not GROUPLOAD_TILL"))
    }

    @Test("the guide has a row for each setting, and no other") func guide() async throws {
        let result = try await groupload(["config", "init"]).run()
        #expect(result.status == 0)
        let text = try String(contentsOfFile: scratch.file("groupload.toml"), encoding: .utf8)
        let names = text.split(separator: "\n").prefix { !$0.contains("A profile, for") }
            .compactMap { $0.firstMatch(of: #/^\# (?<name>[a-z-]+) = /#).map { String($0.name) } }
        let path = URL(fileURLWithPath: Samples.directory).deletingLastPathComponent().path
        let page = try String(
            contentsOfFile: path + "/Sources/groupload/groupload.docc/Configure.md", encoding: .utf8)
        let rows = page.split(separator: "\n").compactMap {
            $0.firstMatch(of: #/^\| `(?<name>[a-z-]+)` \|/#).map { String($0.name) }
        }
        #expect(rows == names)
    }
}
