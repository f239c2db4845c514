import Foundation
import Glibc

/// Waits for changes in a directory, by inotify(7).
final class FileWatch: Sendable {
    private let descriptor: Int32

    /// Begins to watch: a change from now on ends a wait.
    init(directory: String) throws {
        descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard inotify_add_watch(descriptor, directory, UInt32(IN_MODIFY | IN_CREATE | IN_DELETE)) >= 0 else {
            close(descriptor)
            throw POSIXError(.EMFILE)
        }
    }

    deinit { close(descriptor) }

    /// Waits for the next change. Blocks.
    ///
    /// - Returns: whether one came within so many milliseconds.
    func next(within milliseconds: Int) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, Int32(milliseconds)) > 0 else { return false }
        var events = [UInt8](repeating: 0, count: 65_536)
        _ = read(descriptor, &events, events.count)
        return true
    }
}
