import GroupLoad
import RewardsClient
import Testing

/// The state machine of one update, without a network.
@Suite struct GroupUpdateStateMachineTests {
    private static let info = ReplyInfo(http: 200, latency: .zero, requests: 1)
    private static let lost = Reply<RewardGroup>.lost(Loss(http: nil, reason: "closed", info: info))
    private static let unsent = Reply<RewardGroup>.unsent(
        TransportFailure(delivery: .nothingSent, kind: .connect, message: "refused"))
    private static let active = GroupState(rank: 5, isActive: true)
    private static let inactive = GroupState(rank: 5, isActive: false)

    private static func update(isInDoubt: Bool = false) -> GroupUpdate {
        GroupUpdate(recordNumber: 1, id: 7, name: "Gold", from: active, to: inactive, isInDoubt: isInDoubt)
    }

    private static func group(
        id: Int64 = 7, name: String = "Gold", rank: Int64? = 5, isActive: Bool? = true
    ) -> Reply<RewardGroup> {
        .succeeded(RewardGroup(id: id, name: name, rank: rank, isActive: isActive), info)
    }

    private static func refused(_ http: Int, after: Duration? = nil) -> Reply<RewardGroup> {
        .refused(
            Refusal(
                http: http, message: "no", retryAfter: after, isUnauthorized: [401, 403].contains(http),
                isThrottled: http == 429,
                info: info))
    }

    @Test("a group that is what it should be is changed, and the answer ends it") func changes() {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(course.begin() == .read(retries: 0, after: nil))
        #expect(course.read(Self.group()) == .change)
        #expect(course.changed(Self.group(isActive: false)) == .end(.updated, message: nil))
        #expect(course.changes == 1 && course.http == 200)
    }

    @Test(
        "what was changed since is left alone, and what changed is said",
        arguments: [
            (group(name: "Golden"), "its name is \"Golden\" now, was \"Gold\""),
            (group(rank: 6), "its rank is 6 now, was 5"), (group(rank: nil), "its rank is none now, was 5"),
        ])
    func leaves(reply: Reply<RewardGroup>, difference: String) {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(course.read(reply) == .end(.existing, message: "changed since, and left as it is: \(difference)"))
        var doubtful = GroupUpdateStateMachine(Self.update(isInDoubt: true), .undo)
        #expect(
            doubtful.read(reply)
                == .end(.unresolved, message: "a response was lost, and it has been changed since: \(difference)"))
    }

    @Test("what is so already was so before, unless a change may have happened") func already() {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(
            course.read(Self.group(isActive: false))
                == .end(.existing, message: "it was so already: rank 5, not active"))
        var doubtful = GroupUpdateStateMachine(Self.update(isInDoubt: true), .undo)
        #expect(doubtful.read(Self.group(isActive: false)) == .end(.updated, message: nil))
    }

    @Test("a change that is forbidden for what it says costs its tries; a forbidden reading is nobody's fault")
    func forbidden() {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        for retries in 1..<GroupUpdateStateMachine.setbacksMax {
            #expect(course.read(Self.refused(403)) == .read(retries: retries, after: nil))
        }
        for changes in 1...GroupUpdateStateMachine.changesMax {
            #expect(course.read(Self.group()) == .change)
            #expect(course.changed(Self.refused(403)) == .read(retries: changes, after: nil) && course.isForbidden)
        }
        #expect(course.read(Self.group()) == .end(.failed, message: "no success in 5 tries: no"))
    }

    @Test("after a lost answer the group is read before the change is sent again") func rereads() {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(course.read(Self.group()) == .change)
        #expect(course.changed(Self.lost) == .read(retries: 1, after: nil))
        var stopped = course
        #expect(
            stopped.stopped()
                == .end(.unresolved, message: "a response was lost, and the run stopped before that could be settled"))
        #expect(course.read(Self.group()) == .change)
        #expect(course.changed(Self.refused(500, after: .seconds(2))) == .read(retries: 2, after: .seconds(2)))
        #expect(course.read(Self.group(isActive: false)) == .end(.updated, message: nil))
    }

    @Test("changes have a bound, and so have readings") func bounds() {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        for _ in 0..<GroupUpdateStateMachine.changesMax {
            #expect(course.read(Self.group()) == .change)
            _ = course.changed(Self.lost)
        }
        #expect(course.read(Self.group()) == .end(.failed, message: "no success in 5 tries: closed"))
        var unread = GroupUpdateStateMachine(Self.update(), .undo)
        for retries in 1..<GroupUpdateStateMachine.readsMax {
            #expect(unread.read(Self.lost) == .read(retries: retries, after: nil))
        }
        #expect(unread.read(Self.lost) == .end(.failed, message: "the group could not be read: closed"))
    }

    @Test("a refusal ends it: failed, or unresolved where an earlier answer was lost") func refusals() {
        var unread = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(unread.read(Self.refused(404)) == .end(.failed, message: "no"))
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(course.read(Self.group()) == .change)
        #expect(course.changed(Self.refused(400)) == .end(.failed, message: "no"))
        var doubtful = GroupUpdateStateMachine(Self.update(isInDoubt: true), .undo)
        #expect(doubtful.read(Self.refused(404)) == .end(.unresolved, message: "no"))
        doubtful = GroupUpdateStateMachine(Self.update(isInDoubt: true), .undo)
        #expect(doubtful.read(Self.group()) == .change)
        // It may have happened, so that a refusal of the duplicate is no response to the first.
        #expect(doubtful.changed(Self.refused(400)) == .read(retries: 1, after: nil))
    }

    @Test("429, refused credentials and no connection cost no tries, but have a bound too", arguments: [429, 401, nil])
    func setbacks(http: Int?) {
        let reply = http.map { Self.refused($0) } ?? Self.unsent
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        for retries in 1...GroupUpdateStateMachine.setbacksMax {
            #expect(course.read(reply) == .read(retries: http == 429 ? 1 : retries, after: nil))
        }
        guard case .read(retries: 1, after: nil) = course.read(reply), http == 429 else {
            #expect(http != 429)
            return
        }
    }

    @Test(
        "a group that the server makes something else of is updated, with what the server keeps, not lost",
        arguments: [
            (group(name: "GOLD", isActive: false), "the server keeps the name as \"GOLD\""),
            (group(rank: 100, isActive: false), "rank on the server is 100"),
            (
                group(name: "gold", rank: nil, isActive: false),
                "the server keeps the name as \"gold\"; rank on the server is none"
            ),
        ])
    func keepsOtherwise(reply: Reply<RewardGroup>, message: String) {
        // The response to the change shows it, or no more than the id.
        for answer in [reply, Self.group(name: "", rank: nil, isActive: nil)] {
            var course = GroupUpdateStateMachine(Self.update(), .plan)
            #expect(course.read(Self.group()) == .change)
            #expect(course.changed(answer) == .read(retries: 1, after: nil))
            #expect(course.read(reply) == .end(.updated, message: message))
            guard case .succeeded(let group, _) = reply else { return }
            #expect(course.kept?.name == group.name && course.kept?.rank == group.rank)
        }
        // What the response doesn't show was done by somebody else, or not at all.
        var other = GroupUpdateStateMachine(Self.update(), .plan)
        _ = other.read(Self.group())
        #expect(other.changed(Self.group(rank: 77)) == .read(retries: 1, after: nil))
        guard case .end(.unresolved, _) = other.read(reply) else {
            Issue.record("what somebody else did isn't this update's")
            return
        }
        #expect(other.kept == nil)
    }

    @Test("a change of activity that the server doesn't make is told as what it is") func keepsActivity() {
        var course = GroupUpdateStateMachine(Self.update(), .plan)
        _ = course.read(Self.group())
        #expect(course.changed(Self.group(rank: 6)) == .read(retries: 1, after: nil))
        #expect(
            course.read(Self.group(rank: 6))
                == .end(
                    .unresolved,
                    message: "the server made something else of the change: its rank is 6 now, was 5"))
    }

    @Test("an answer of another group, or one that doesn't show the change, is no success") func otherAnswers() {
        var course = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(course.read(Self.group(id: 8)) == .read(retries: 1, after: nil))
        #expect(course.read(Self.group(isActive: nil)) == .change)
        #expect(course.changed(Self.group()) == .read(retries: 1, after: nil))
        #expect(course.mayHaveHappened)
        var untouched = GroupUpdateStateMachine(Self.update(), .undo)
        #expect(
            untouched.stopped()
                == .end(.unprocessed, message: "the run stopped before its turn"))
    }
}
