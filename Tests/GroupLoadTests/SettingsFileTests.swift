import Foundation
import GroupLoad
import TestSupport
import Testing

/// Which files of settings are read, and which refused: they say where the credentials go.
@Suite struct SettingsFileTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func write(_ text: String, mode: Int = 0o644, as name: String = "groupload.toml") throws -> String {
        let path = try scratch.write(text, as: name)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
        return path
    }

    /// The code, the message and the remedy of what reading throws.
    private func refusal(_ path: String) -> (code: RunError.Code?, text: String, remedy: String) {
        let error = #expect(throws: RunError.self) { try SettingsFile.read(path) }
        #expect(error?.status == .configuration)
        return (error?.code, error?.message ?? "", error?.remedy ?? "")
    }

    @Test("a file of the user's own is read, through a link of the user's own too", arguments: [0o600, 0o644, 0o444])
    func own(mode: Int) throws {
        let path = try write("rate = \"5/s\"\n[profile.a]\nconcurrency = 3\n", mode: mode)
        let link = scratch.file("link.toml")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
        for path in [path, link] {
            let table = try #require(try SettingsFile.read(path))
            #expect(table.entries.map(\.key) == ["rate", "profile"])
            #expect(table["rate"]?.content == .text("5/s") && table["rate"]?.line == 1)
            #expect(table["profile"]?.line == 2)
        }
    }

    @Test("an empty file has no settings, and no file is no error") func nothing() throws {
        #expect(try SettingsFile.read(try write(""))?.entries.isEmpty == true)
        #expect(try SettingsFile.read(scratch.file("missing.toml")) == nil)
        #expect(try SettingsFile.read(scratch.file("groupload.toml/below.toml")) == nil)
    }

    @Test("a file that others may write to is refused, with what to do", arguments: [0o666, 0o622, 0o664, 0o602])
    func writable(mode: Int) throws {
        let path = try write("rate = \"5/s\"\n", mode: mode)
        let found = refusal(path)
        #expect(found.code == .untrusted && found.text.contains("others may write to \(path)"))
        #expect(found.remedy.hasSuffix("chmod go-w \(path)"))
    }

    @Test("a file of another user is refused; root's is read") func foreign() throws {
        // It is no TOML, which is seen only once it is read.
        #expect(refusal("/etc/passwd").code == .configuration)
        // Only root can give a file away.
        guard geteuid() == 0 else { return }
        let path = try write("rate = \"5/s\"\n")
        #expect(chown(path, 4_242, 4_242) == 0)
        let found = refusal(path)
        #expect(found.code == .untrusted && found.text.contains("belongs to another user"))
        #expect(found.remedy.hasSuffix("chown 0 \(path)"))
        let link = scratch.file("link.toml")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: try write("", as: "own.toml"))
        #expect(lchown(link, 4_242, 4_242) == 0)
        #expect(refusal(link).text.contains("is a link of another user's"))
    }

    @Test("what is no file, or too long, is refused") func unreadable() throws {
        #expect(refusal(scratch.path).text.contains("it isn't a file"))
        let pipe = scratch.file("pipe.toml")
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(refusal(pipe).text.contains("it isn't a file"))
        let lines = String(repeating: "# a comment\n", count: 5_462)
        #expect(try SettingsFile.read(try write(String(lines.prefix(65_536)))) != nil)
        #expect(refusal(try write(lines)).text.contains("more than 65536 bytes"))
        let dangling = scratch.file("dangling.toml")
        try FileManager.default.createSymbolicLink(atPath: dangling, withDestinationPath: scratch.file("nowhere"))
        #expect(refusal(dangling).text.contains("can't read the settings in \(dangling)"))
    }

    @Test("damage is refused with its line, and no word of it is shown") func damaged() throws {
        let path = try write("rate = \"5/s\"\npassword = hunter2\n")
        let error = #expect(throws: RunError.self) { try SettingsFile.read(path) }
        #expect(error?.place == RunError.Place(path: path, line: 2))
        #expect("\(String(describing: error))".contains("hunter2") == false)
    }

    @Test(
        "the user's own settings are where XDG_CONFIG_HOME says, if that is a whole path",
        arguments: [
            ("/x/config", "/x/config/groupload"), ("/x/config/", "/x/config//groupload"), ("relative", nil), ("", nil),
            (nil, nil),
        ])
    func userDirectory(given: String?, expected: String?) throws {
        var environment = ["HOME": "/nonexistent/home"]
        environment["XDG_CONFIG_HOME"] = given
        let found = try #require(UserDirectory.settings(environment))
        if let expected {
            #expect(found == expected)
        } else {
            #expect(found.hasSuffix("/.config/groupload") && !found.hasPrefix("relative"))
        }
    }

    @Test("the home directory is that of HOME, where it is one, and else that of the system's user database")
    func home() throws {
        let home = try Scratch()
        #expect(UserDirectory.settings(["HOME": home.path]) == home.path + "/.config/groupload")
        #expect(UserDirectory.settings(["HOME": home.path + "/"]) == home.path + "/.config/groupload")
        let entry = try #require(UserDirectory.settings([:]))
        for other in ["", "relative", "/nonexistent/home"] {
            #expect(UserDirectory.settings(["HOME": other]) == entry, "\(other)")
        }
    }
}
