import GroupLoad
import HTTPTypes
import RewardsClient
import Synchronization
import TestSupport

/// What lies between a process and the model: a request takes time, and may be lost on its way there or back, come
/// late, or meet somebody who refuses it. All by chance, from one seed.
final class SimulatedNetwork: Sendable {
    /// What becomes of a request.
    enum Fate: CaseIterable, Sendable {
        /// It is carried out, and its response comes.
        case plain
        /// It is carried out, and its response is lost.
        case loseResponse
        /// It never arrives, and no response comes.
        case loseRequest
        /// It seems lost, and is carried out some seconds later.
        case late
        /// No connection is made.
        case unreachable
        /// It is refused for the allowance, with or without a word on how long.
        case throttle, throttleFor
        /// It is refused before, or after, it was carried out, by somebody who can't say which.
        case failBefore, failAfter
        /// A web page comes in place of a response, and the request is not carried out.
        case page
    }

    private struct State {
        var generator: SeededGenerator
        /// How many of a hundred requests meet a fault.
        var faultPercent: Int
        /// Requests that are on their way still though nobody waits for their responses, each with when it arrives.
        var late: [(request: TransportRequest, at: Int64)] = []
        var requests = 0
    }

    /// How long a request that seems lost may be on its way: less than a run reckons with (twice the time-out).
    private static let lateMax: Int64 = 20_000

    private let server: ModelServer
    private let environment: RunEnvironment
    /// What the server's clock is ahead of the process's, in milliseconds.
    private let skew: Int64
    private let state: Mutex<State>

    init(_ server: ModelServer, _ environment: RunEnvironment, seed: UInt64, faultPercent: Int, skew: Int64) {
        self.server = server
        self.environment = environment
        self.skew = skew
        state = Mutex(State(generator: SeededGenerator(state: seed), faultPercent: faultPercent))
    }

    /// Requests that were sent so far.
    var requests: Int { state.withLock { $0.requests } }

    /// Has no request meet a fault from now on.
    func calm() { state.withLock { $0.faultPercent = 0 } }

    /// What becomes of the next request, and how long it and its response are under way.
    func draw() -> (fate: Fate, out: Duration, back: Duration) {
        state.withLock { state in
            state.requests += 1
            let isFault = Int.random(in: 0..<100, using: &state.generator) < state.faultPercent
            let fate = isFault ? Fate.allCases.dropFirst().randomElement(using: &state.generator) ?? .plain : .plain
            let (out, back) = (
                Int.random(in: 0...30, using: &state.generator), Int.random(in: 0...30, using: &state.generator)
            )
            return (fate, .milliseconds(out), .milliseconds(back))
        }
    }

    /// Has a request that is on its way arrive at some time, or never.
    func abandon(_ request: TransportRequest) {
        let isLost = state.withLock { Bool.random(using: &$0.generator) }
        if !isLost { delay(request) }
    }

    /// Has a request arrive later.
    func delay(_ request: TransportRequest) {
        let now = environment.epochMilliseconds
        state.withLock { state in
            let delay = Int64.random(in: 0...Self.lateMax, using: &state.generator)
            state.late.append((request, now + delay))
        }
    }

    /// Carries out what has arrived by now, or all that ever will.
    func deliver(all: Bool = false) {
        let now = environment.epochMilliseconds
        let arrived = state.withLock { state in
            let arrived = state.late.filter { all || $0.at <= now }
            state.late.removeAll { all || $0.at <= now }
            return arrived
        }
        for (request, at) in arrived.sorted(by: { $0.at < $1.at }) {
            _ = server.carryOut(request, at: at + skew)
        }
    }

    /// Carries a request out that has just arrived.
    func carryOut(_ request: TransportRequest) -> TransportResponse {
        deliver()
        return server.carryOut(request, at: environment.epochMilliseconds + skew)
    }
}
