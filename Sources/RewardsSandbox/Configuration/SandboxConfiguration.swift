/// What a sandbox serves and to whom. The defaults are the ones that scripts rely on.
package struct SandboxConfiguration: Sendable {
    /// The requests that one API key may make in a fixed window of a minute.
    package struct RateLimit: Sendable {
        /// Requests a minute; at least 1.
        package let countPerMinute: Int

        /// A limit of so many requests a minute.
        package init(countPerMinute: Int) {
            self.countPerMinute = countPerMinute
        }
    }

    /// The HTTP statuses that a refused name may have.
    package static let nameRefusalStatuses = [400, 409, 200]

    /// The address to listen on; only a loopback one is accepted unless `allowNonLoopback` is set.
    package var host: String
    /// The port to listen on; 0 lets the system choose a free one.
    package var port: Int
    /// Whether a host that other machines can reach is accepted. `/sandbox/…` is not served there.
    package var allowNonLoopback: Bool
    /// The SQLite file; `nil` for a fresh database in memory.
    package var database: String?
    /// `nil` for no limit.
    package var rateLimit: RateLimit?
    /// How long each response of the API is held back.
    package var latency: Duration
    /// The rule by which two names are the same.
    package var nameCase: NameCase
    /// The user name of Basic authentication.
    package var till: String
    /// The password of the till, in clear; clients send its MD5.
    package var password: String
    /// The OAuth client key.
    package var key: String
    /// The OAuth client secret.
    package var secret: String
    /// The `orgId` of every group.
    package var organisation: Int
    /// How long a token is accepted; whole seconds, at least 1.
    package var tokenLifetime: Duration
    /// The largest page of a list; a larger `size` is cut to it.
    package var listSizeMax: Int
    /// Where an error's code and message stand.
    package var errorShape: ErrorShape
    /// The HTTP status of a refused name, one of ``nameRefusalStatuses``.
    package var nameRefusalStatus: Int
    /// How often each kind of fault strikes.
    package var faults: FaultRates
    /// The same seed and the same requests give the same faults.
    package var faultSeed: UInt64
    /// How long a look-up that meets `stale-list` misses a new group, in milliseconds.
    package var staleMilliseconds: Int64
    /// How long ago somebody else created a group that a create meets with `foreign`, in milliseconds.
    package var foreignMilliseconds: Int64
    /// `nil` for never.
    package var sessionLoss: SessionLoss?
    /// In what the clock behind `createdOn` and `Date` deviates from the machine's.
    package var clockFaults: ClockFaults
    /// What becomes of names and ranks before they are stored.
    package var normalisation: NameNormalisation
    /// Whether a create of a name that is there gives its group, unchanged; otherwise it is refused.
    package var isUpsert: Bool
    /// How long a connection may be without a whole request before it is closed.
    package var headTimeout: Duration

    /// The defaults, except for what is given.
    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        allowNonLoopback: Bool = false,
        database: String? = nil,
        rateLimit: RateLimit? = nil,
        latency: Duration = .zero,
        nameCase: NameCase = .caseSensitive,
        till: String = "sandbox.till",
        password: String = "sandbox",
        key: String = "sandbox",
        secret: String = "sandbox",
        organisation: Int = 100_737,
        tokenLifetime: Duration = .seconds(300),
        listSizeMax: Int = 100,
        errorShape: ErrorShape = .status,
        nameRefusalStatus: Int = 400,
        faults: FaultRates = .none,
        faultSeed: UInt64 = 1,
        staleMilliseconds: Int64 = 500,
        foreignMilliseconds: Int64 = 3000,
        sessionLoss: SessionLoss? = nil,
        clockFaults: ClockFaults = .none,
        normalisation: NameNormalisation = .none,
        isUpsert: Bool = false,
        headTimeout: Duration = .seconds(30)
    ) {
        self.host = host
        self.port = port
        self.allowNonLoopback = allowNonLoopback
        self.database = database
        self.rateLimit = rateLimit
        self.latency = latency
        self.nameCase = nameCase
        self.till = till
        self.password = password
        self.key = key
        self.secret = secret
        self.organisation = organisation
        self.tokenLifetime = tokenLifetime
        self.listSizeMax = listSizeMax
        self.errorShape = errorShape
        self.nameRefusalStatus = nameRefusalStatus
        self.faults = faults
        self.faultSeed = faultSeed
        self.staleMilliseconds = staleMilliseconds
        self.foreignMilliseconds = foreignMilliseconds
        self.sessionLoss = sessionLoss
        self.clockFaults = clockFaults
        self.normalisation = normalisation
        self.isUpsert = isUpsert
        self.headTimeout = headTimeout
    }

    /// Whether `host` names this machine alone: `localhost`, `::1` or an IPv4 address in 127.0.0.0/8 (RFC 6890).
    package var isLoopback: Bool {
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets.first == "127" && octets.allSatisfy { UInt8($0) != nil }
    }
}
