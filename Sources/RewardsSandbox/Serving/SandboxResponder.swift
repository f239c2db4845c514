import HTTPTypes
package import Hummingbird
import Logging
import NIOCore

/// Responds to each request: checks its credentials and allowance, carries out the call, applies a fault, counts it.
package struct SandboxResponder: HTTPResponder {
    /// The context that carries the connection.
    package typealias Context = SandboxContext

    let configuration: SandboxConfiguration
    let access: AccessControl
    let allowance: RequestAllowance
    let calls: CallHandler
    let tally: RequestTally
    /// `nil` when no fault is asked for.
    let faults: FaultInjector?
    let form: RefusalForm
    let clock: StampClock

    /// Responds to a request, or ends its connection as a fault says.
    /// - Throws: when nothing more may be written to the connection.
    package func respond(to request: Request, context: SandboxContext) async throws -> Response {
        let target = request.head.path ?? "/"
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let route = Route(method: request.method, path: parts.first ?? "/")
        let ending: Ending
        do {
            let query = parts.count > 1 ? parts[1] : ""
            ending = try await self.ending(route, query: query, request: request, channel: context.channel)
        } catch let refusal as Refusal {
            ending = .whole(form.response(refusal))
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            let refusal = Refusal(.internalServerError, "The sandbox failed; see its log")
            ending = .whole(form.response(refusal))
        }
        switch ending {
        case .responded(let response):
            tally.count(route, status: response.status.code)
            return response
        case .closed(let isReset, let afterwards):
            tally.count(route, status: nil)
            await context.channel.end(.close(isReset: isReset))
            try await afterwards?()
        case .held:
            tally.count(route, status: nil)
            await context.channel.end(.hold)
        }
        throw ConnectionClosed()
    }

    private func ending(
        _ route: Route, query: Substring, request: Request, channel: any Channel
    ) async throws -> Ending {
        var caller: AccessControl.Caller?
        switch route {
        case .stored where configuration.isLoopback: return .responded(calls.stored())
        case .requests where configuration.isLoopback: return .whole(BufferedResponse(tally.json()))
        case .stored, .requests: throw Refusal(.notFound, "Served on loopback only")
        case .unknown: throw Refusal(.notFound, "No such resource; groups are under \(Route.prefixes[0])/group")
        case .generateToken: break
        case .createGroup, .listGroups, .getGroup, .updateGroup: caller = try admit(request)
        }
        if configuration.latency > .zero {
            try await Task.sleep(for: configuration.latency)
        }
        let call = try await Call(route, query: query, request: request, listSizeMax: configuration.listSizeMax)
        guard let call else { throw Refusal(.notFound, "No such resource") }
        if let loss = configuration.sessionLoss, caller != nil, clock.creates.value >= loss.createCount {
            return .whole(loss.response(in: form))
        }
        guard let fault = faults?.fault(for: call, caller: caller) else {
            return .whole(try await calls.perform(call, caller: caller))
        }
        if case .create(let body) = call, let caller,
            let ending = try await foreignEnding(body, caller: caller, fault: fault)
        {
            return ending
        }
        let response = fault.isHandled ? try await response(call, caller: caller, fault: fault) : nil
        return FaultyEnding(fault: fault, call: call, form: form, now: clock.date)
            .ending(instead: response, channel: channel)
    }

    /// How a create ends whose name somebody else creates before or after it; `nil` where the fault is another.
    ///
    /// Where the name is there already, nobody else could create it: the create gets what it would have got.
    private func foreignEnding(
        _ body: GroupBody, caller: AccessControl.Caller, fault: Fault
    ) async throws -> Ending? {
        let isReset = fault.pick([false, true])
        switch fault.kind {
        case .foreign:
            let userID = fault.choice >> 63 == 1 ? caller.userID : AccessControl.foreignUserID
            let isStored = try await calls.createForeign(
                body, origin: .foreign, userID: userID, ago: configuration.foreignMilliseconds)
            if isStored { return .closed(isReset: isReset) }
            return .whole(try await calls.perform(.create(body), caller: caller))
        case .foreignAfter:
            // Refused before anything is stored, as any create would be.
            _ = try body.checkedName()
            let calls = self.calls
            let pause = Duration.milliseconds(Int64(fault.choice >> 8 % 51))
            return .closed(isReset: isReset) {
                try await Task.sleep(for: pause)
                _ = try await calls.createForeign(body, origin: .foreignAfter, userID: caller.userID, ago: 0)
            }
        default: return nil
        }
    }

    /// Who sent a request, once it may go on.
    private func admit(_ request: Request) throws(Refusal) -> AccessControl.Caller {
        guard let caller = access.caller(request.headers) else {
            throw Refusal(.unauthorized, "Credentials are missing, wrong or expired")
        }
        if let seconds = allowance.take(for: caller) {
            var refusal = Refusal(.tooManyRequests, "Rate limit exceeded; try again in \(seconds) s")
            refusal.retryAfterSeconds = seconds
            throw refusal
        }
        return caller
    }

    /// The response to a call, refused or not, before its fault applies.
    private func response(_ call: Call, caller: AccessControl.Caller?, fault: Fault) async throws -> BufferedResponse {
        let isStale = fault.kind == .staleList
        let storedBefore = isStale ? clock.clock.now() - configuration.staleMilliseconds : nil
        do {
            if fault.kind == .tokenShort, case .generateToken(let body) = call {
                // Said to live 0 s, it lives 1 s; said to live 1 s, as long as all do.
                let isZero = fault.pick([true, false])
                return try calls.token(body, lifetimeSeconds: isZero ? 1 : nil, saidSeconds: isZero ? 0 : 1)
            }
            return try await calls.perform(call, caller: caller, storedBefore: storedBefore)
        } catch let refusal as Refusal {
            return form.response(refusal)
        }
    }
}
