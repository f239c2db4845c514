package import Foundation

/// Calls of the system that take a path or give text: the one place where they are unsafe.
///
/// Paths are text as ``PathText`` has it. Safe, each of them: a path is lent as bytes that end with NUL for as long as
/// the call takes, and none of them keeps it; text that the system gives ends with NUL and is copied at once.
package enum SystemCall {
    /// Opens a file, `open(2)`: its descriptor, which the caller closes, or -1 with `errno`.
    package static func open(_ path: String, _ flags: CInt, mode: mode_t = 0) -> CInt {
        unsafe Foundation.open(PathText.bytes(path), flags, mode)
    }

    /// Opens a new file without a name, which this user alone may read and write: its descriptor, which the caller
    /// closes, or -1 with `errno`.
    static func openTemporary(in directory: String) -> CInt {
        var path = PathText.bytes("\(directory)/groupload-XXXXXX")
        // Safe: the call changes the six letters of the path, which ends with NUL, and creates the file with mode 0600.
        let descriptor = unsafe path.withUnsafeMutableBufferPointer { path in
            guard let base = path.baseAddress else { return CInt(-1) }
            let descriptor = unsafe mkstemp(base)
            if descriptor >= 0 {
                _ = unsafe Foundation.unlink(base)
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            }
            return descriptor
        }
        return descriptor
    }

    /// Writes all bytes, `write(2)`; false with `errno` where that can't be done.
    static func write(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
        var written = 0
        while written < bytes.count {
            // Safe: the bytes from `written` on are lent for the call.
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Foundation.write(
                    descriptor, bytes.baseAddress.map { unsafe $0 + written }, bytes.count - written)
            }
            if count >= 0 { written += count } else if errno != EINTR { return false }
        }
        return true
    }

    /// Removes a name, `unlink(2)`; false with `errno` where that can't be done.
    @discardableResult
    static func unlink(_ path: String) -> Bool { unsafe Foundation.unlink(PathText.bytes(path)) == 0 }

    /// Gives a file another name, `rename(2)`; false with `errno` where that can't be done.
    static func rename(_ path: String, to other: String) -> Bool {
        unsafe Foundation.rename(PathText.bytes(path), PathText.bytes(other)) == 0
    }

    /// Whether the process may read a file, `access(2)`; false with `errno` where it may not.
    package static func mayRead(_ path: String) -> Bool { unsafe access(PathText.bytes(path), R_OK) == 0 }

    /// Whether the process may look for names in a directory, `access(2)`; true for what is none.
    static func mayLookInto(_ path: String) -> Bool {
        unsafe access(PathText.bytes(path), X_OK) == 0 || errno != EACCES
    }

    /// The absolute path without links, `realpath(3)`; nil where there is no such file.
    static func realPath(_ path: String) -> String? {
        guard let found = unsafe realpath(PathText.bytes(path), nil) else { return nil }
        // Safe: the text is this function's, and freed once.
        defer { unsafe free(found) }
        return unsafe PathText.text(found)
    }

    /// Where a link leads to through others, `readlink(2)`, also where nothing is there yet; the path itself where it
    /// is no link.
    static func end(ofLinks path: String) -> String {
        var path = path
        // As many as the system follows.
        for _ in 0..<40 {
            var target = [CChar](repeating: 0, count: Int(PATH_MAX))
            // Safe: the call writes at most as many bytes as the array has.
            let count = unsafe readlink(PathText.bytes(path), &target, target.count)
            guard count > 0 else { return path }
            let next = PathText.text(target.prefix(count).map { UInt8(bitPattern: $0) })
            let directory = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            path = next.hasPrefix("/") ? next : directory + next
        }
        return path
    }

    /// What the system calls an error, `strerror(3)`.
    package static func message(_ code: CInt) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

/// What the system says of a file, `stat(2)`.
struct FileStatus {
    private let status: stat

    /// Of what a path leads to, through links; nil with `errno` where there is nothing.
    init?(_ path: String) {
        var status = stat()
        // Safe: as `SystemCall`; the call fills the structure, which is this function's.
        guard unsafe stat(PathText.bytes(path), &status) == 0 else { return nil }
        self.status = status
    }

    /// Of what stands at a path itself, which may be a link.
    init?(ofLink path: String) {
        var status = stat()
        // Safe: as above.
        guard unsafe lstat(PathText.bytes(path), &status) == 0 else { return nil }
        self.status = status
    }

    /// Of an open file.
    init?(descriptor: CInt) {
        var status = stat()
        // Safe: the call fills the structure, which is this function's.
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.status = status
    }

    /// The kind: `S_IFREG`, `S_IFDIR`, `S_IFLNK` and so on.
    var kind: mode_t { status.st_mode & S_IFMT }
    /// Whether it is a file that holds bytes, no pipe, device or directory.
    var isFile: Bool { kind == S_IFREG }
    /// The permissions.
    var mode: mode_t { status.st_mode & 0o7777 }
    /// Whether others than its owner may write to it.
    var isWritableByOthers: Bool { status.st_mode & 0o022 != 0 }
    /// The owner's number.
    var userID: uid_t { status.st_uid }
    /// Names that it has.
    var names: Int { Int(status.st_nlink) }
    /// When its content was changed last.
    var changed: Date {
        Date(timeIntervalSince1970: Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9)
    }
    /// Its size in bytes.
    var bytes: Int64 { Int64(status.st_size) }

    /// Whether both are one file.
    func isSame(as other: FileStatus) -> Bool {
        status.st_dev == other.status.st_dev && status.st_ino == other.status.st_ino
    }
}
