import Foundation
package import RecordFormats

/// One group list to read: a file, or standard input.
package struct InputSource: Sendable {
    /// Where it is read from, or `-`.
    package let path: String
    /// The path as the user gave it, or `-`: what the ledger and the report call it.
    package let given: String
    /// The format, where the user gave it; else by suffix, else by the first bytes.
    package let format: RecordFormat?
    /// The copy that a run keeps of it, compressed with zstd, where that is read in its place.
    package var copy: String?

    /// A source at `path`, or `-`, that is not looked at yet.
    ///
    /// - Parameter given: as the user named it; nil for `path` itself.
    package init(path: String, format: RecordFormat?, given: String? = nil) {
        self.path = path
        self.given = given ?? path
        self.format = format
    }

    /// Whether this is standard input.
    package var isStandardInput: Bool { path == "-" }

    /// Whether what is read comes from standard input.
    var isPiped: Bool { isStandardInput && copy == nil }

    /// The path of the file that is read.
    var readPath: String { copy ?? path }

    /// What messages and the report call it.
    package var name: String { isStandardInput ? "standard input" : given }

    /// ``name`` for a terminal.
    var shownName: String { Shown.text(name, limit: 1000) }

    /// Whether what was read from `path` could be read once more: standard input, a pipe and a device give it once. A
    /// file that is gone could be, if it were there.
    static func isReadableAgain(_ path: String) -> Bool {
        path != "-" && FileStatus(path)?.isFile != false
    }

    /// Resolves what the user named: paths, globs (where no such file stands) and `-`.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/noInput`` for a name that matches nothing or can't be read, and with
    ///   ``ExitStatus/usage`` if `-` is given twice.
    package static func resolve(_ names: [String], format: RecordFormat?) throws(RunError) -> [InputSource] {
        var sources: [InputSource] = []
        for name in names {
            if name == "-" {
                guard !sources.contains(where: \.isStandardInput) else {
                    throw RunError(.usage, "- is given twice", remedy: "standard input can be read once")
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
        if SystemCall.exists(name) {
            try check(name)
            return [name]
        }
        guard name.contains(where: { "*?[".contains($0) }) else {
            throw RunError(
                .noInput, "no such file: \(name)", naming: .path(name),
                remedy: "check the path, or use - for standard input")
        }
        var found = unsafe glob_t()
        // Safe: glob fills the structure, which globfree frees once. It holds `gl_pathc` texts that end with NUL.
        defer { unsafe globfree(&found) }
        guard unsafe glob(PathText.bytes(name), 0, nil, &found) == 0 else {
            throw RunError(
                .noInput, "no file matches \(name)", naming: .path(name), remedy: "check the pattern")
        }
        let paths = unsafe (0..<Int(found.gl_pathc)).compactMap { index in
            unsafe found.gl_pathv[index].map { unsafe PathText.text($0) }
        }
        for path in paths { try check(path) }
        return paths
    }

    /// Makes sure that a path can be read from, before anything is done with the others.
    private static func check(_ path: String) throws(RunError) {
        guard let status = FileStatus(path), SystemCall.mayRead(path) else {
            throw RunError(
                .noInput, "can't open \(path): \(SystemCall.message(errno))", naming: .path(path))
        }
        switch status.kind {
        case S_IFDIR:
            throw RunError(
                .noInput, "\(path) is a directory", naming: .path(path),
                remedy: "name its files, for example \(path)/*.csv")
        case S_IFREG, S_IFIFO, S_IFCHR: break
        default: throw RunError(.noInput, "\(path) is neither a file nor a pipe", naming: .path(path))
        }
    }

    /// Whether the file at `path` is this source's.
    func isSameFile(as path: String) -> Bool {
        guard !isStandardInput, let own = FileStatus(self.path), let other = FileStatus(path) else { return false }
        return own.isSame(as: other)
    }

    /// The size in bytes, or nil where it isn't known beforehand.
    var bytes: Int64? {
        guard !isStandardInput, copy == nil else { return nil }
        guard let status = FileStatus(path), status.isFile else { return nil }
        return status.bytes
    }
}
