import Foundation
package import RecordFormats

/// One group list to read: a file, or standard input.
package struct InputSource: Sendable {
    /// The path as given, or `-`.
    package let path: String
    /// The format, where the user gave it; else by suffix, else by the first bytes.
    package let format: RecordFormat?

    /// Whether this is standard input.
    package var isStandardInput: Bool { path == "-" }

    /// What messages and the report call it.
    package var name: String { isStandardInput ? "standard input" : path }

    /// Resolves what the user named: paths, globs (where no such file stands) and `-`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` for a name that matches nothing or is a directory, and with
    ///   ``ExitStatus/usage`` if `-` is given twice.
    package static func resolve(_ names: [String], format: RecordFormat?) throws(RunError) -> [InputSource] {
        var sources: [InputSource] = []
        for name in names {
            if name == "-" {
                guard !sources.contains(where: \.isStandardInput) else {
                    throw RunError(.usage, "- is given twice; standard input can be read once")
                }
                sources.append(InputSource(path: name, format: format))
                continue
            }
            for path in try matches(of: name) {
                sources.append(InputSource(path: path, format: format))
            }
        }
        return sources
    }

    private static func matches(of name: String) throws(RunError) -> [String] {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: name, isDirectory: &isDirectory) {
            guard !isDirectory.boolValue else {
                throw RunError(.noInput, "\(name) is a directory; name its files, for example \(name)/*.csv")
            }
            return [name]
        }
        guard name.contains(where: { "*?[".contains($0) }) else {
            throw RunError(.noInput, "no such file: \(name); check the path, or use - for standard input")
        }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(name, 0, nil, &found) == 0 else {
            throw RunError(.noInput, "no file matches \(name); check the pattern")
        }
        return (0..<Int(found.gl_pathc)).compactMap { index in found.gl_pathv[index].map { String(cString: $0) } }
    }

    /// The size in bytes, or nil where it can't be told beforehand.
    var bytes: Int64? {
        guard !isStandardInput else { return nil }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int64(status.st_size)
    }
}
