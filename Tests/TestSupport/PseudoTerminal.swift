import Foundation
import Glibc
import Synchronization

/// A pseudo-terminal: what a program draws on it, at widths that may change.
package final class PseudoTerminal: Sendable {
    private let master: Int32
    /// Held open until a program has drawn: before, nobody having it open would be the end.
    private let device: Mutex<Int32?>
    /// The terminal's device, for a program's standard streams.
    package let path: String

    /// Opens one of so many columns.
    package init(columns: Int) throws {
        var (opened, device) = (Int32(-1), Int32(-1))
        guard openpty(&opened, &device, nil, nil, nil) == 0 else { throw POSIXError(.ENXIO) }
        master = opened
        path = ttyname(device).map { String(cString: $0) } ?? ""
        self.device = Mutex(device)
        for descriptor in [master, device] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        resize(columns)
    }

    deinit {
        leave()
        close(master)
    }

    /// Leaves the terminal to the program.
    private func leave() {
        device.withLock { device in
            if let device { close(device) }
            device = nil
        }
    }

    /// Changes its width, in columns.
    package func resize(_ columns: Int) {
        var size = winsize(ws_row: 24, ws_col: UInt16(truncatingIfNeeded: columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(master, UInt(TIOCSWINSZ), &size)
    }

    /// Types a text.
    package func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = write(master, bytes, bytes.count)
    }

    /// Everything that is drawn until the last program has closed the terminal. Blocks.
    ///
    /// - Parameter afterRead: is given what is drawn so far, after each read.
    package func drawn(_ afterRead: (String) -> Void) -> String {
        var (drawn, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = read(master, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: drawn, as: UTF8.self) }
            leave()
            drawn += chunk[..<count]
            afterRead(String(decoding: drawn, as: UTF8.self))
        }
    }
}
