import Foundation
import GroupLoad
import Testing

/// Which record of which run a line of `failed.csv` corrects.
@Suite struct CorrectionLinkTests {
    private static let run = "20260101-000000-00ff"

    @Test(
        "both columns are needed, wherever they stand",
        arguments: [
            (["_record", "_run", "name"], true), (["name", "_run", "x", "_record"], true),
            (["_record", "name"], false),
            (["_run", "name"], false), (["run", "record"], false), ([], false),
        ])
    func columns(columns: [String], isLink: Bool) {
        #expect((CorrectionLink(columns: columns) != nil) == isLink)
    }

    @Test(
        "what isn't a run's id and a number is no link",
        arguments: [
            "4|RUN|A", " 4 |\t RUN |A", "|RUN", "4|", "0|RUN", "-1|RUN", "4.0|RUN", "4", "", "4|20260101-000000-00fg",
            "4|../RUN",
        ])
    func record(line: String) throws {
        let link = try #require(CorrectionLink(columns: ["_record", "_run", "name"]))
        let cells = line.replacingOccurrences(of: "RUN", with: Self.run)
            .split(separator: "|", omittingEmptySubsequences: false).map { Array($0.utf8) }
        let found = link.record(in: cells)
        let isLink = line.hasSuffix("|A")
        #expect(found?.number == (isLink ? 4 : nil) && found?.run == (isLink ? Self.run : nil))
    }
}
