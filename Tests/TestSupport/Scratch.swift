package import Foundation
import Synchronization

/// A directory of its own for a test, removed when it goes.
package final class Scratch: Sendable {
    /// The directory.
    package let path: String

    /// Makes the directory.
    package init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("groupload-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("not removed: \(path): \(error)") }
    }

    /// A place in the directory.
    package func url(_ name: String) -> URL { URL(fileURLWithPath: path).appendingPathComponent(name) }

    /// A place in the directory, as a path.
    package func file(_ name: String) -> String { path + "/" + name }

    /// The built `groupload`, run in the directory.
    package func groupload(_ arguments: [String]) -> Command {
        var command = Command.groupload(arguments)
        command.directory = path
        return command
    }

    /// Writes a file into the directory and gives its path.
    package func write(_ text: String, as name: String) throws -> String {
        try Data(text.utf8).write(to: url(name))
        return file(name)
    }

    /// Makes a named pipe in the directory and gives its path.
    package func pipe(_ name: String) throws -> String {
        guard mkfifo(file(name), 0o600) == 0 else { throw POSIXError(.EIO) }
        return file(name)
    }
}

/// Runs what blocks on a thread of its own: a blocked thread of the cooperative pool would hold up other tests.
///
/// - Throws: what `work` throws; ``WaitedTooLong`` after six minutes, which is longer than any process may run that
///   somebody waits for here. The thread is left behind then.
package func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        let waiter = Waiter(continuation)
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(360)) { [weak waiter] in
            waiter?.resume(with: .failure(WaitedTooLong()))
        }
        Thread.detachNewThread { waiter.resume(with: Result { try work() }) }
    }
}

/// Nothing came of a wait, however slow the machine is.
package struct WaitedTooLong: Error {}

/// Whoever waits for a value, of which the first is given to it.
private final class Waiter<Value: Sendable>: Sendable {
    private let continuation: Mutex<CheckedContinuation<Value, any Error>?>

    init(_ continuation: CheckedContinuation<Value, any Error>) { self.continuation = Mutex(continuation) }

    func resume(with result: sending Result<Value, any Error>) {
        let waiting = continuation.withLock { continuation in
            defer { continuation = nil }
            return continuation
        }
        waiting?.resume(with: result)
    }
}
