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

    @Option(
        help: ArgumentHelp(
            "Which requests meet which faults: the same seed and the same requests give the same faults.",
            valueName: "n"))
    var seed: UInt64 = 1

    @Option(
        help: ArgumentHelp("With stale-list: how long a look-up misses a new group, in milliseconds.", valueName: "n"))
    var staleMs: Int64 = 500

    @Option(
        help: ArgumentHelp(
            "With foreign: how long ago somebody else created the group, in milliseconds.", valueName: "n"))
    var foreignMs: Int64 = 3000

    @Option(
        help: ArgumentHelp(
            "How createdOn and Date differ from the machine's clock, as parts with commas between.",
            discussion: """
                grain=1s cuts createdOn to whole seconds; list-grain=1s does so in lists and reads only; round rounds \
                it instead. skew=+5s sets the clock of createdOn ahead; date=+2s sets the Date header ahead of that. \
                nodes=20ms:40ms adds nodes whose clocks are behind by as much. step=-2s@200 sets the clock back after \
                200 creates. created-by=0 gives another createdBy in responses to creates than in lists.
                """,
            valueName: "part,..."),
        transform: { text in try Self.read { () throws(SandboxError) in try ClockFaults(text) } })
    var clock: ClockFaults = .none

    @Option(
        help: ArgumentHelp(
            "How the server changes a group before it stores it: trim, lower, collapse, nfc, question, cut=N, no-rank.",
            discussion: """
                trim removes white space at both ends; collapse makes one blank of it inside. question writes ? for \
                each character outside Latin-1. cut=N keeps N characters. no-rank ignores the rank.
                """,
            valueName: "kind,..."),
        transform: { text in try Self.read { () throws(SandboxError) in try NameNormalisation(text) } })
    var normalise: NameNormalisation = .none

    @Flag(help: "Respond to a create of an existing name with 200 and that group, unchanged.")
    var upsert = false

    @Option(
        help: ArgumentHelp("After this many created groups, give every group call the same response.", valueName: "n"))
    var sessionLostAfter: Int?

    @Option(
        help: ArgumentHelp(
            "The response of --session-lost-after: redirect, 404, 400, 403 or page.", valueName: "response"))
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

extension SessionLoss.Form: ArgumentWord {}
