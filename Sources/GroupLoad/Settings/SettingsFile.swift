import Foundation

/// A file of settings, `groupload.toml`.
package enum SettingsFile {
    /// What it is called, here and in the user's own directory.
    package static let name = "groupload.toml"
    /// The longest file.
    private static let bytesMax = 1 << 16

    /// What a file holds; nil where there is none.
    ///
    /// The file, and a link that leads to it, must belong to the user or to root, and others may not write to it: it
    /// says where the credentials go.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/configuration``.
    package static func read(_ path: String) throws(RunError) -> TOMLTable? {
        guard let link = FileStatus(ofLink: path) else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw unreadable(path, SystemCall.message(errno))
        }
        guard isOwn(link) || link.kind != S_IFLNK else { throw foreign("\(path) is a link of another user's", path) }
        let descriptor = SystemCall.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path, SystemCall.message(errno)) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard let status = FileStatus(descriptor: descriptor), status.isFile else {
            throw unreadable(path, "it isn't a file")
        }
        guard isOwn(status) else {
            throw foreign("\(path) belongs to another user", path, "if you trust it: chown \(geteuid())")
        }
        guard !status.isWritableByOthers else {
            throw foreign("others may write to \(path)", path, "if you trust it: chmod go-w")
        }
        let data: Data?
        do { data = try handle.read(upToCount: bytesMax + 1) } catch { throw unreadable(path, "\(error)") }
        guard data?.count ?? 0 <= bytesMax else { throw unreadable(path, "it has more than \(bytesMax) bytes") }
        return try TOMLReader.read(Array(data ?? Data()), path: path)
    }

    /// Makes the file of the current directory.
    ///
    /// - Throws: ``RunError`` with ``ExitStatus/cannotWrite`` where one is there, or it can't be written.
    package static func create(_ text: String) throws(RunError) {
        let descriptor = SystemCall.open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode: 0o644)
        guard descriptor >= 0 else {
            guard errno != EEXIST else {
                throw RunError(
                    .cannotWrite, "\(name) is here already; nothing was written", naming: .path(name),
                    remedy: "change it, or move it away")
            }
            throw RunError(.cannotWrite, "can't write \(name): \(SystemCall.message(errno))", naming: .path(name))
        }
        defer { close(descriptor) }
        guard SystemCall.write(Array(text.utf8), to: descriptor) else {
            let reason = SystemCall.message(errno)
            _ = SystemCall.unlink(name)
            throw RunError(.cannotWrite, "can't write \(name): \(reason)", naming: .path(name))
        }
    }

    private static func isOwn(_ status: FileStatus) -> Bool { status.userID == geteuid() || status.userID == 0 }

    private static func unreadable(_ path: String, _ reason: String) -> RunError {
        RunError(.configuration, "can't read the settings in \(path): \(reason)", naming: .path(path))
    }

    private static func foreign(_ finding: String, _ path: String, _ remedy: String? = nil) -> RunError {
        RunError(
            .untrusted,
            "\(finding), so the settings there may not be yours, and your credentials would go where they say",
            naming: .path(path), remedy: remedy.map { "\($0) \(path)" })
    }
}
