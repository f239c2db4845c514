import ArgumentParser
import RewardsSandbox

/// What a sandbox does that a client doesn't expect.
struct SandboxFaultOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What goes wrong, and how often, as KIND=P or KIND=P%, with commas between.",
            discussion: """
                Kinds: 429, 500, 502, 503, lost-before, lost-after, timeout-before, timeout-after, cut, garbage, \
                false-success, slow, stale-list, expired-token, keepalive-close, 503-after, 429-after, redirect, \
                firewall, desync, foreign, foreign-after, false-id, token-fail, token-short, gzip. For example: \
                503=5%,lost-after=0.02
                """,
            valueName: "kind=p,..."),
        transform: { text in try Self.read { () throws(SandboxError) in try FaultRates(text) } })
    var fault: FaultRates = .none

    @Option(help: "Which requests meet which faults: the same seed and the same requests give the same faults.")
    var seed: UInt64 = 1

    @Option(help: "How long a look-up that meets stale-list misses a new group, in milliseconds.")
    var staleMs: Int64 = 500

    @Option(help: "How long ago somebody else created a group that a create meets with foreign, in milliseconds.")
    var foreignMs: Int64 = 3000

    @Option(
        help: ArgumentHelp(
            "In what createdOn and Date deviate from the machine's clock, with commas between.",
            discussion: """
                grain=1s cuts createdOn to it everywhere, list-grain=1s in lists and reads only, round rounds in place \
                of cutting; skew=+5s sets createdOn's clock ahead, date=+2s the Date header against that; \
                nodes=20ms:40ms has further nodes that are so far behind; step=-2s@200 has the clock jump after 200 \
                creates; created-by=0 has creates say another createdBy than lists.
                """,
            valueName: "part,..."),
        transform: { text in try Self.read { () throws(SandboxError) in try ClockFaults(text) } })
    var clock: ClockFaults = .none

    @Option(
        help: ArgumentHelp(
            "What is made of a group before it is stored: trim, lower, collapse, nfc, question, cut=N, no-rank.",
            discussion: """
                White space is trimmed, or collapsed into one blank; question writes ? for each character outside \
                Latin-1; cut=N keeps N characters; no-rank ignores the rank.
                """,
            valueName: "kind,..."),
        transform: { text in try Self.read { () throws(SandboxError) in try NameNormalisation(text) } })
    var normalise: NameNormalisation = .none

    @Flag(help: "A create of a name that is there gets 200 and that group, unchanged.")
    var upsert = false

    @Option(help: "Once so many groups were created, every group call gets the same response.")
    var sessionLostAfter: Int?

    @Option(help: "That response: redirect, 404, 400, 403 or page.")
    var sessionLostAs: SessionLoss.Form = .redirect

    func validate() throws {
        guard (0...60_000).contains(staleMs) else { throw ValidationError("--stale-ms must be from 0 to 60000.") }
        guard (0...86_400_000).contains(foreignMs) else {
            throw ValidationError("--foreign-ms must be from 0 to 86400000.")
        }
        guard sessionLostAfter ?? 0 >= 0 else { throw ValidationError("--session-lost-after must be 0 or more.") }
    }

    /// Puts the options' values where the sandbox reads them.
    func apply(to configuration: inout SandboxConfiguration) {
        configuration.faults = fault
        configuration.faultSeed = seed
        configuration.staleMilliseconds = staleMs
        configuration.foreignMilliseconds = foreignMs
        configuration.clockFaults = clock
        configuration.normalisation = normalise
        configuration.isUpsert = upsert
        configuration.sessionLoss = sessionLostAfter.map { SessionLoss(createCount: $0, form: sessionLostAs) }
    }

    private static func read<Value>(_ body: () throws(SandboxError) -> Value) throws -> Value {
        do throws(SandboxError) { return try body() } catch { throw ValidationError(error.message) }
    }
}

extension SessionLoss.Form: ExpressibleByArgument {}
