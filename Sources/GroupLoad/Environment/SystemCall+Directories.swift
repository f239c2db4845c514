import Foundation

// What is asked about directories and whole files; as safe as the calls in SystemCall.swift.
extension SystemCall {
    /// Whether something stands at a path, behind links.
    package static func exists(_ path: String) -> Bool { unsafe access(PathText.bytes(path), F_OK) == 0 }

    /// The current directory's absolute path; `.` where it is gone.
    package static var currentDirectory: String {
        guard let found = unsafe getcwd(nil, 0) else { return "." }
        // Safe: the text is this function's, and freed once.
        defer { unsafe free(found) }
        return unsafe PathText.text(found)
    }

    /// The names in a directory, in the order of their bytes, without `.` and `..`.
    ///
    /// - Throws: ``SystemFault``.
    static func names(in path: String) throws -> [String] {
        guard let directory = unsafe opendir(PathText.bytes(path)) else { throw failure() }
        // Safe: the directory is this function's, and closed once; an entry is copied before the next is read.
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { unsafe PathText.text($0) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes a directory for the user alone, and so those above it that aren't there; one that is there stays.
    ///
    /// - Throws: ``SystemFault``.
    static func makeDirectory(_ path: String) throws {
        if unsafe mkdir(PathText.bytes(path), 0o700) == 0 { return }
        let failure = failure()
        if FileStatus(path)?.kind == S_IFDIR { return }
        var above = path[...]
        while above.last == "/" { above.removeLast() }
        while let last = above.last, last != "/" { above.removeLast() }
        guard failure.code == ENOENT, !above.isEmpty else { throw failure }
        try makeDirectory(String(above))
        guard unsafe mkdir(PathText.bytes(path), 0o700) == 0 || errno == EEXIST else { throw Self.failure() }
    }

    /// Makes a directory for the user alone, where nothing stands yet.
    ///
    /// - Throws: ``SystemFault``.
    static func makeNewDirectory(_ path: String) throws {
        guard unsafe mkdir(PathText.bytes(path), 0o700) == 0 else { throw failure() }
    }

    /// Removes a directory and the files in it.
    ///
    /// - Throws: ``SystemFault``.
    static func removeWithFiles(_ directory: String) throws {
        for name in try names(in: directory) { try remove(directory + "/" + name) }
        try remove(directory)
    }

    /// Removes a file, or a directory that is empty.
    ///
    /// - Throws: ``SystemFault``.
    static func remove(_ path: String) throws {
        guard unsafe Foundation.remove(PathText.bytes(path)) == 0 else { throw failure() }
    }

    /// The bytes that this user may still write to the disk on which a path's directory is; nil where that isn't
    /// known.
    package static func freeBytes(_ path: String) -> Int64? {
        var above = path[...]
        while let last = above.last, last != "/" { above.removeLast() }
        var found = statvfs()
        // Safe: the call fills the structure, which is this function's.
        guard unsafe statvfs(PathText.bytes(above.isEmpty ? "." : String(above)), &found) == 0 else { return nil }
        let (bytes, isTooLarge) = UInt64(found.f_bavail).multipliedReportingOverflow(by: UInt64(found.f_frsize))
        return isTooLarge ? nil : Int64(clamping: bytes)
    }

    /// What a file holds, up to a number of bytes; nil where it can't be read.
    static func contents(_ path: String, bytesMax: Int = .max) -> Data? {
        let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do { return try handle.read(upToCount: bytesMax) ?? Data() } catch { return nil }
    }

    private static func failure() -> SystemFault { SystemFault(code: errno) }
}

/// Why the system refused a call.
struct SystemFault: Error, CustomStringConvertible {
    /// The `errno`.
    let code: CInt
    /// What the system calls it.
    var description: String { SystemCall.message(code) }
}
