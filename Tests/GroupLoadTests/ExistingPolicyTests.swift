import GroupLoad
import RewardsClient
import Testing

@Suite struct ExistingPolicyTests {
    @Test("update sets what differs, leaves a rank that the list doesn't give, and has listed groups be active")
    func update() {
        let policy = ExistingRule(.update)
        let state = GroupState(rank: 5, isActive: true)
        #expect(policy.standing(rank: 5, isInactive: false, on: state) == .existing(note: nil))
        #expect(policy.standing(rank: nil, isInactive: false, on: state) == .existing(note: nil))
        #expect(
            policy.standing(rank: 7, isInactive: false, on: state) == .differs(GroupState(rank: 7, isActive: true)))
        #expect(
            policy.standing(rank: nil, isInactive: true, on: state) == .differs(GroupState(rank: 5, isActive: false)))
        let inactive = GroupState(rank: nil, isActive: false)
        #expect(
            policy.standing(rank: nil, isInactive: false, on: inactive)
                == .differs(GroupState(rank: nil, isActive: true)))
        #expect(policy.standing(rank: nil, isInactive: true, on: inactive) == .existing(note: nil))
    }

    @Test(
        "an empty rank keeps the group's, or clears it",
        arguments: [(EmptyRank.keep, 5 as Int64?, true), (.clear, nil, true), (.keep, 5, false), (.clear, nil, false)])
    func emptyRank(rule: EmptyRank, rank: Int64?, isActive: Bool) {
        let standing = ExistingRule(.update, emptyRank: rule).standing(
            rank: nil, isInactive: !isActive, on: GroupState(rank: 5, isActive: true))
        let wanted = GroupState(rank: rank, isActive: isActive)
        #expect(standing == (rule == .keep && isActive ? .existing(note: nil) : .differs(wanted)))
    }

    @Test("skip notes what differs; fail refuses whatever is there") func others() {
        let state = GroupState(rank: nil, isActive: false)
        #expect(
            ExistingRule(.skip).standing(rank: 1, isInactive: true, on: state)
                == .existing(note: "rank on the server is none"))
        #expect(
            ExistingRule(.skip).standing(rank: nil, isInactive: false, on: state)
                == .existing(note: "the group is not active"))
        #expect(
            ExistingRule(.skip).standing(rank: nil, isInactive: true, on: GroupState(rank: nil, isActive: true))
                == .existing(note: "the group is active"))
        #expect(
            ExistingRule(.skip).standing(rank: nil, isInactive: false, on: GroupState(rank: nil, isActive: true))
                == .existing(note: nil))
        #expect(
            ExistingRule(.fail).standing(rank: nil, isInactive: false, on: state)
                == .refused("the name is on the server already"))
    }

    @Test(
        "near names are one in case, white space and compatibility form",
        arguments: [
            ("VIP Club", "vip club"), (" vip  club ", "vip club"), ("ＶＩＰ\u{3000}Club", "vip club"),
            ("STRASSE", "strasse"),
            ("Straße", "strasse"), ("e\u{301}", "é"), ("", ""), ("a\u{A0}b", "a b"), ("x", "x"),
        ])
    func near(name: String, form: String) {
        #expect(NearName.form(of: name).unicodeScalars.elementsEqual(form.unicodeScalars))
    }

    @Test(
        """
        an import takes a group as it is found, and what that was is what the undo goes back to; a plan \
        takes it as planned
        """
    )
    func rebases() {
        func group(rank: Int64?, isActive: Bool) -> Reply<RewardGroup> {
            .succeeded(
                RewardGroup(id: 1, name: "A", rank: rank, isActive: isActive),
                ReplyInfo(http: 200, latency: .zero, requests: 1))
        }
        var update = GroupUpdate(
            recordNumber: 1, id: 1, name: "A", from: GroupState(rank: 1, isActive: true),
            to: GroupState(rank: 9, isActive: true))
        var course = GroupUpdateStateMachine(update, .override)
        #expect(course.read(group(rank: 4, isActive: false)) == .change)
        #expect(course.update.from == GroupState(rank: 4, isActive: false))
        #expect(course.update.to == GroupState(rank: 9, isActive: true))
        update.keepsRank = true
        update.to = GroupState(rank: 1, isActive: false)
        course = GroupUpdateStateMachine(update, .override)
        #expect(course.read(group(rank: 4, isActive: true)) == .change)
        #expect(course.update.to == GroupState(rank: 4, isActive: false))
        #expect(
            GroupUpdateStateMachine(update, .plan).reading(group(rank: 4, isActive: true))
                == .end(.failed, message: "changed since, and left as it is: its rank is 4 now, was 1"))
        // What may have been sent is not taken for something else.
        update.isInDoubt = true
        course = GroupUpdateStateMachine(update, .override)
        guard case .end(.unresolved, _) = course.read(group(rank: 4, isActive: true)) else {
            Issue.record("not unresolved")
            return
        }
    }
}

extension GroupUpdateStateMachine {
    /// What a course says of its first reading.
    fileprivate func reading(_ reply: Reply<RewardGroup>) -> Action {
        var course = self
        return course.read(reply)
    }
}
