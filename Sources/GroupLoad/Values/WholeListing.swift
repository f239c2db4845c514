/// Where all records are listed of which only the first are noted, as a clause for the line that says how many more
/// there are.
package struct WholeListing: Sendable, Equatable {
    /// Where invalid records are.
    package var invalid: String
    /// Where records with suspicious names and near-duplicates are.
    package var names: String

    /// Nobody lists them.
    package static let nowhere = WholeListing(invalid: "", names: "")
    /// The report of an import does.
    package static let report = WholeListing(
        invalid: "failed.csv lists them all",
        names: "report.html lists the first \(NotedNames.entriesMax) of all")
    /// A validation of the same lists does.
    package static let validation = WholeListing(
        invalid: "groupload validate --results FILE lists them all",
        names: "groupload validate --results FILE lists them all")

    /// The results of a validation do, which go to this file, or to none yet.
    package static func results(_ path: String?) -> WholeListing {
        let file = path.map { $0 == "-" ? "standard output" : Shown.text($0) } ?? "--results FILE"
        return WholeListing(invalid: "\(file) lists them all", names: "\(file) lists them all")
    }

    private init(invalid: String, names: String) {
        self.invalid = invalid
        self.names = names
    }
}
