import Foundation
import HTTPTypes
import HummingbirdTesting
import RewardsSandbox
import Testing

/// What a deviating clock shows of a group.
@Suite("Clock faults")
struct ClockFaultTests {
    /// 618 ms past a second, 47 s past a minute.
    private static let instant: Int64 = 1_742_180_327_618

    /// A `createdOn` and a `createdBy`.
    private struct Stamp: Equatable {
        var on: Int64
        var by: Int64

        init(_ object: [String: Any]) throws {
            on = try #require(object["createdOn"] as? Int64)
            by = try #require(object["createdBy"] as? Int64)
        }
    }

    /// The stamp that a create's response shows.
    private func created(_ name: String, by client: any TestClientProtocol) async throws -> Stamp {
        let reply = try await client.create(name)
        return try Stamp(try reply.object())
    }

    /// The stamps that the list shows.
    private func listed(by client: any TestClientProtocol) async throws -> [Stamp] {
        let reply = try await client.send(.get, groupPath)
        let groups = try #require(try reply.object()["groupRoList"] as? [[String: Any]])
        return try groups.map(Stamp.init)
    }

    @Test(
        "createdOn is cut, rounded and set off, in creates and lists as asked",
        arguments: [
            ("skew=0s", 0, 0), ("grain=1s", -618, -618), ("grain=10ms", -8, -8), ("grain=1m", -47_618, -47_618),
            ("list-grain=1s", 0, -618), ("grain=1s,round", 382, 382), ("list-grain=1s,round", 0, 382),
            ("skew=+5s", 5_000, 5_000), ("skew=-1m,grain=1s", -60_618, -60_618), ("date=+2s", 0, 0),
            ("grain=10ms,list-grain=1s", -8, -618),
        ])
    func stamps(text: String, created: Int64, listed: Int64) async throws {
        let configuration = SandboxConfiguration(clockFaults: try ClockFaults(text))
        try await withSandbox(configuration, clock: ManualClock(Self.instant).clock) { client in
            #expect(try await self.created("a", by: client).on == Self.instant + created)
            let stamps = try await self.listed(by: client)
            #expect(stamps.map(\.on) == [Self.instant + listed])
            let got = try Stamp(try await client.send(.get, groupPath + "/1").object())
            #expect(got.on == Self.instant + listed)
        }
    }

    @Test("Each node is behind by its own lag, and the same request comes to the same node")
    func nodes() async throws {
        let configuration = SandboxConfiguration(clockFaults: try ClockFaults("nodes=20ms:40ms"))
        var first: [Int64]?
        for _ in 0..<2 {
            let lags = try await withSandboxValue(configuration, clock: ManualClock(Self.instant).clock) { client in
                var lags: [Int64] = []
                for index in 0..<40 { lags.append(Self.instant - (try await created("g\(index)", by: client).on)) }
                return lags
            }
            #expect(Set(lags) == [0, 20, 40])
            #expect(first == nil || first == lags)
            first = lags
        }
    }

    @Test("The clock jumps once so many creates are stored, back too")
    func step() async throws {
        let configuration = SandboxConfiguration(clockFaults: try ClockFaults("step=-2s@2"))
        try await withSandbox(configuration, clock: ManualClock(Self.instant).clock) { client in
            for (name, step) in [("a", 0), ("b", 0), ("c", -2_000)] as [(String, Int64)] {
                let stamp = try await created(name, by: client)
                #expect(stamp.on == Self.instant + step)
            }
        }
    }

    @Test("Creates say another createdBy than lists")
    func createdBy() async throws {
        let configuration = SandboxConfiguration(clockFaults: try ClockFaults("created-by=0"))
        try await withSandbox(configuration, clock: ManualClock(Self.instant).clock) { client in
            #expect(try await created("a", by: client).by == 0)
            let stamps = try await listed(by: client)
            #expect(stamps.map(\.by) == [100_001])
        }
    }

    @Test(
        "The Date header is ahead of createdOn's clock, whatever that is",
        arguments: [
            ("date=+2s", "02:58:49"), ("date=-10s", "02:58:37"), ("skew=+5s", "02:58:52"),
            ("skew=+5s,date=-5s", "02:58:47"),
            ("step=1m@0", "02:59:47"),
        ])
    func date(text: String, time: String) async throws {
        let configuration = SandboxConfiguration(clockFaults: try ClockFaults(text))
        try await withSandbox(configuration, clock: ManualClock(Self.instant).clock) { client in
            for _ in 0..<2 {
                let reply = try await client.send(.get, groupPath)
                #expect(reply.headers[values: .date] == ["Mon, 17 Mar 2025 \(time) GMT"])
            }
        }
    }

    @Test("A foreign group is as old on the clock that is set off")
    func foreignAge() async throws {
        var configuration = SandboxConfiguration(faults: try FaultRates("foreign=1"), foreignMilliseconds: 1_500)
        configuration.clockFaults = try ClockFaults("skew=+5s")
        try await withSandbox(configuration, clock: ManualClock(Self.instant).clock, over: .ahc(.http)) { client in
            _ = try? await client.create("a")
            let stamps = try await listed(by: client)
            #expect(stamps.map(\.on) == [Self.instant + 3_500])
        }
    }

    @Test("A foreign group from before the clock jumped has the stamp of that time")
    func foreignBeforeStep() async throws {
        var configuration = SandboxConfiguration(faults: try FaultRates("foreign=1"), foreignMilliseconds: 1_500)
        configuration.clockFaults = try ClockFaults("step=-2s@1")
        let clock = ManualClock(Self.instant)
        try await withSandbox(configuration, clock: clock.clock, over: .ahc(.http)) { client in
            // Its connection is closed; the second time nobody is quicker.
            _ = try? await client.create("a")
            #expect(try await client.send(.put, groupPath + "/1", #"{"name":"b"}"#).status == 200)
            #expect(try await client.create("a").status == 200)
            for (name, seconds) in [("c", 0), ("d", 3)] as [(String, Int64)] {
                clock.advance(seconds: seconds)
                _ = try? await client.create(name)
            }
            let stamps = try await listed(by: client).map { $0.on - Self.instant }
            #expect(stamps == [-1_500, 0, -1_500, -500])
        }
    }

    @Test(
        "What is no part of a clock is refused",
        arguments: [
            "", "grain", "grain=", "grain=0s", "grain=-1s", "grain=1", "grain=1h", "grain=1.5s", "grain=infs",
            "round=1s",
            "skew=9223372036854775807s", "skew=99999999999999999999ms", "skew=25h", "skew=90000s", "nodes=",
            "nodes=1s:",
            "step=1s", "step=1s@", "step=1s@-1", "step=@1", "created-by=x", "lag=1s", "grain=1s,grain=1s", "grain=1s,",
        ])
    func refused(text: String) {
        #expect(throws: SandboxError.self) { try ClockFaults(text) }
    }
}
