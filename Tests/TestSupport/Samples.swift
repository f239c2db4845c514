import Foundation

/// The files of `SampleData`.
package enum Samples {
    /// The directory.
    package static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("SampleData").path

    /// A file's path.
    package static func path(_ name: String) -> String { directory + "/" + name }

    /// What `expected.json` says of each file.
    package static func expectations() throws -> [String: Expectation] {
        try JSONDecoder().decode(
            [String: Expectation].self, from: Data(contentsOf: URL(fileURLWithPath: path("expected.json"))))
    }

    /// What `dialects.json` says of each file.
    package static func dialects() throws -> [String: Dialect] {
        try JSONDecoder().decode(
            [String: Dialect].self, from: Data(contentsOf: URL(fileURLWithPath: path("dialects.json"))))
    }

    /// A file that, read with `options`, gives what the file `same` gives.
    package struct Dialect: Sendable, Decodable {
        /// The file that gives the same.
        package var same: String
        /// The options to read with.
        package var options: [String]
    }

    /// What an import of one file into an empty sandbox must give; see `SampleData/README.md`.
    package struct Expectation: Sendable, Decodable {
        /// The exit status.
        package var exit: Int32
        /// How many records are read.
        package var read: Int
        /// How many records have each outcome.
        package var outcomes: [String: Int]
        /// How many names differ from another's in case or blanks only.
        package var nearDuplicates: Int
        /// A part of the message of each invalid record, by its number.
        package var invalid: [String: String]
        /// The same, for a record's second violation.
        package var alsoInvalid: [String: String]?
        /// The number of the first record, by that of its duplicate.
        package var duplicateOf: [String: Int]
        /// The line on which each record starts.
        package var lines: [Int]?
        /// The line at which a damaged file can't be read.
        package var line: Int?
    }
}
