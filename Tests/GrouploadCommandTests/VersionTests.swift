import TestSupport
import Testing

/// `--version`, which people paste into a report of a fault.
@Suite struct VersionTests {
    @Test("the first line is the version alone; each library has a line of its own") func lines() async throws {
        let result = try await Command.groupload(["--version"]).run()
        #expect(result.status == 0 && result.error.isEmpty)
        let lines = result.outputText.split(separator: "\n").map(String.init)
        #expect(lines.first?.wholeMatch(of: /\d+\.\d+\.\d+/) != nil)
        let parts = lines.dropFirst().reduce(into: [String: String]()) { parts, line in
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            parts[words[0]] = words.count > 1 ? words[1] : nil
        }
        #expect(
            Set(parts.keys) == ["commit", "compiler", "libxml2", "SQLite", "zlib", "zstd", "BoringSSL", "libpq"])
        for name in ["libxml2", "SQLite", "zlib", "zstd", "libpq"] {
            #expect(parts[name]?.wholeMatch(of: /\d+(\.\d+){1,3}/) != nil, "\(name): \(parts[name] ?? "")")
        }
        #expect(parts["compiler"]?.hasPrefix("Swift 6.") == true)
        // No build has one of them empty, whether its environment says what they are or not.
        #expect(parts["commit"]?.isEmpty == false && parts["BoringSSL"]?.isEmpty == false)
    }
}
