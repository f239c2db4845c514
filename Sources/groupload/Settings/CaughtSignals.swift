import Foundation
import GroupLoad
import Synchronization

/// SIGINT and SIGTERM, which are noted instead of ending the process, for as long as it lives. One at a time, and none
/// while ``SignalWatch`` runs.
final class CaughtSignals {
    private static let caught = Atomic<CInt>(0)
    private var before: [(signal: CInt, action: sigaction)] = []

    init() {
        Self.caught.store(0, ordering: .sequentiallyConsistent)
        for signal in [SIGINT, SIGTERM] {
            var (action, old) = (sigaction(), sigaction())
            action.__sigaction_handler.sa_handler = {
                CaughtSignals.caught.store($0, ordering: .sequentiallyConsistent)
            }
            sigaction(signal, &action, &old)
            before.append((signal, old))
        }
    }

    deinit {
        for (signal, action) in before {
            var action = action
            sigaction(signal, &action, nil)
        }
    }

    /// What the process exits with for the last one that came; nil where none did.
    var last: ExitStatus? {
        switch Self.caught.load(ordering: .sequentiallyConsistent) {
        case SIGINT: .interrupted
        case SIGTERM: .terminated
        default: nil
        }
    }
}
