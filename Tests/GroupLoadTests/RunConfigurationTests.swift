import Foundation
import GroupLoad
import RecordFormats
import Testing

@Suite struct RunConfigurationTests {
    /// A configuration in which every setting has another value than without options.
    private static var full: RunConfiguration {
        var full = RunConfiguration()
        full.inputs = [RunConfiguration.Input(given: "list.csv", path: "/data/list.csv")]
        full.reading.format = "csv"
        full.reading.encoding = "windows-1252"
        full.reading.delimiter = "semicolon"
        full.reading.hasNoHeader = true
        full.reading.columns = ["name", "_", "rank"]
        full.reading.skipLines = 3
        full.reading.map = RunConfiguration.Map(name: "Group Title", rank: nil, active: "Live")
        full.reading.isStrict = true
        full.reading.recordsAt = "data.groups"
        full.reading.keyAs = "name"
        full.reading.sheet = "Groups"
        full.reading.skipsHidden = true
        full.reading.recordBytesMax = 4096
        full.target.url = "https://example.org"
        full.target.apiPrefix = "/v2"
        full.target.headers = ["x-one"]
        full.target.connectSeconds = 2.5
        full.target.requestSeconds = 7
        full.target.waitMaxSeconds = 60
        full.target.certificatesFile = "/etc/own.pem"
        full.target.allowsInsecure = true
        full.nameMatch = .folded
        full.nameLengthMax = 80
        full.nullWords = ["NULL", "\\N"]
        full.concurrency = 8
        full.rate = RequestRate("90/min")
        full.errorLimit = .percent(2.5)
        full.recordFloor = .percent(90)
        full.existing = .update
        full.emptyRank = .clear
        full.deactivatesMissing = true
        full.deactivateLimit = .count(5)
        full.snapshot = .always
        full.trustsLedger = true
        full.plan = "/data/plan.json"
        full.skipsPreflight = true
        full.isSpreadsheetSafe = true
        full.keepsNoInput = true
        full.ledger = "postgresql://db.example/loads"
        return full
    }

    @Test("it is the same once it was written and read") func codable() throws {
        var configuration = Self.full
        configuration.undo = RunConfiguration.Undo(run: "1", path: "/runs/1", isRedo: false, includesPresent: true)
        let data = try JSONEncoder().encode(configuration)
        #expect(try JSONDecoder().decode(RunConfiguration.self, from: data) == configuration)
    }

    @Test("what was to be corrected is imported without what is of the whole list, and without secrets")
    func correction() {
        #expect(
            Self.full.correctionOptions == [
                "--record-bytes-max", "4096", "--name-match", "folded", "--name-length-max", "80",
                "--target", "https://example.org", "--api-prefix", "/v2", "--connect-timeout", "2.5",
                "--request-timeout", "7.0", "--wait-max", "60s", "--ca-file", "/etc/own.pem", "--allow-insecure",
                "--concurrency", "8", "--rate", "90/min", "--on-existing", "update", "--empty-rank", "clear",
                "--snapshot", "always", "--spreadsheet-safe", "--no-keep-input",
                "--ledger", "postgresql://db.example/loads", "--null", "NULL", "--null", "\\N", "--header", "x-one: …",
            ])
        #expect(RunConfiguration().correctionOptions == [])
    }

    @Test("every setting that differs is named by its option, and no other") func differences() {
        let (full, plain) = (Self.full, RunConfiguration())
        #expect(full.differences(from: full).isEmpty && plain.differences(from: plain).isEmpty)
        #expect(full.differences(from: plain) == RunConfiguration.settings.map(\.option) + ["--header", "the lists"])
        for setting in RunConfiguration.settings {
            var changed = plain
            setting.copy(full, &changed)
            #expect(changed.differences(from: plain) == [setting.option])
        }
    }

    @Test("the command says what isn't so without options, and nothing that may be secret") func command() {
        var configuration = RunConfiguration()
        configuration.inputs = [RunConfiguration.Input(given: "a b.csv", path: "/data/a b.csv")]
        configuration.target.url = "https://example.org"
        configuration.target.headers = ["x-one"]
        configuration.rate = RequestRate("2/s")
        configuration.deactivatesMissing = true
        configuration.nullWords = ["-", "\\N"]
        #expect(
            configuration.command == [
                "groupload", "import", "a b.csv", "--target", "https://example.org", "--rate", "120/min",
                "--deactivate-missing", "--null", "-", "--null", "\\N", "--header", "x-one: …",
            ])
        configuration.undo = RunConfiguration.Undo(run: "1", path: "/runs/1", isRedo: true, includesPresent: false)
        #expect(configuration.command == ["groupload", "undo", "/runs/1", "--redo"])
    }

    @Test("the options that lists are decoded by come back as they were given") func reading() {
        let options = DecodingOptions(
            mapping: .groups(name: "Title", rank: nil, active: "Live"), limits: DecodingLimits(recordBytesMax: 5000),
            encoding: .latin1, delimiter: .tab, columns: ["name"], recordsPath: ["export", "group"],
            keyName: "id")
        let reading = RunConfiguration.Reading(format: .xml, options, recordsAt: "export/group")
        #expect(reading.decoding == options && reading.recordFormat == .xml && reading.hasNoHeader)
        let plain = RunConfiguration.Reading(format: nil, DecodingOptions(mapping: .groups), recordsAt: nil)
        #expect(plain == RunConfiguration.Reading() && plain.decoding == DecodingOptions(mapping: .groups))
    }
}
