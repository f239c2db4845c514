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
        package var same: String
        package var options: [String]
    }

    /// What an import of one file into an empty sandbox must give; see `SampleData/README.md`.
    package struct Expectation: Sendable, Decodable {
        package var exit: Int32
        package var read: Int
        package var outcomes: [String: Int]
        package var nearDuplicates: Int
        package var invalid: [String: String]
        package var alsoInvalid: [String: String]?
        package var duplicateOf: [String: Int]
        package var lines: [Int]?
        package var line: Int?
    }
}
