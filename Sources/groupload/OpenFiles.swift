import Foundation
import GroupLoad

/// How many files this process may have open, which connections count among.
enum OpenFiles {
    /// Files that are open besides connections: the streams, the ledger's and the report's, the network's own.
    private static let others = 64
    /// The most that is asked for.
    private static let limitMax: rlim_t = 1 << 20

    /// As many of `concurrency` connections as this process may have, after it has asked for as many files as it may
    /// get; where that is fewer, `note` receives a message.
    static func connections(_ concurrency: Int, note: (String) -> Void) -> Int {
        var limit = rlimit()
        guard getrlimit(RLIMIT_NOFILE.resource, &limit) == 0 else { return concurrency }
        let wanted = min(limit.rlim_max, limitMax)
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = wanted
            if setrlimit(RLIMIT_NOFILE.resource, &raised) == 0 { limit = raised }
        }
        guard limit.rlim_cur < rlim_t(concurrency + others) else { return concurrency }
        let files = Int(limit.rlim_cur)
        let fitting = max(1, files - others)
        guard fitting < concurrency else { return concurrency }
        note(
            """
            --concurrency \(concurrency) needs more open files than this process may have (\(files)): \
            it uses \(Shown.count(fitting, "connection")); raise it with ulimit -n
            """
        )
        return fitting
    }
}

#if canImport(Glibc)
    extension __rlimit_resource {
        /// What `getrlimit` takes.
        fileprivate var resource: __rlimit_resource_t { __rlimit_resource_t(rawValue) }
    }
#else
    extension Int32 {
        /// What `getrlimit` takes.
        fileprivate var resource: Int32 { self }
    }
#endif
