import Foundation

/// What a run was told, as its ledger keeps it so that it can be resumed: the command line less its secrets, and where
/// that was given.
package struct RunConfiguration: Sendable, Codable, Equatable {
    /// The arguments behind `import`, less those of ``omitted``.
    package var arguments: [String]
    /// The names of the headers that were given, whose values may be secrets.
    package var headers: [String]
    /// The directory that paths are relative to.
    package var directory: String
    /// The inputs, as they were found then.
    package var inputs: [String]
    /// What the run takes back, where it is an undo; its arguments are then those of the import that all began with.
    package var undo: Undo?

    /// The run that an undo takes back.
    package struct Undo: Sendable, Codable, Equatable {
        /// Its id, and its directory.
        package var run: String
        package var path: String
        /// Whether it is itself an undo.
        package var isRedo: Bool
        /// Whether groups are taken back, too, of which it can't be told who created them; nil for no.
        package var includesPresent: Bool?

        package init(run: String, path: String, isRedo: Bool, includesPresent: Bool? = nil) {
            self.includesPresent = includesPresent
            self.run = run
            self.path = path
            self.isRedo = isRedo
        }
    }

    /// Options that are not kept: secrets, and what doesn't change what the run does. With a value, and without.
    private static let omitted = (
        valued: ["--header", "--run-dir", "--credentials", "--output", "-o", "--plan", "--keep-runs"],
        bare: ["--quiet", "--json", "--yes"]
    )

    package init(arguments: [String], headers: [String], directory: String, inputs: [String]) {
        var kept: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                kept += [argument] + rest
                break
            }
            if Self.omitted.bare.contains(argument) { continue }
            if Self.omitted.valued.contains(argument) {
                _ = rest.popFirst()
                continue
            }
            if Self.omitted.valued.contains(where: { argument.hasPrefix($0 + "=") }) { continue }
            kept.append(argument)
        }
        self.arguments = kept
        self.headers = headers.sorted()
        self.directory = directory
        self.inputs = inputs
    }

    /// Adds options, which count for more than those that were given before.
    package mutating func add(_ options: [String]) {
        arguments.insert(contentsOf: options, at: arguments.firstIndex(of: "--") ?? arguments.endIndex)
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
