package import RewardsClient

/// Turns of a pace that several processes share, which this one has reserved and not used yet. Pure.
///
/// A turn belongs to its instant: one that is long past is lost, so that a process that was idle doesn't send what it
/// saved up on top of what the others send.
package struct HeldTurns: Sendable {
    /// How much of the pace is reserved at once.
    package static let span = Duration.milliseconds(250)
    /// How late a turn may be used: what is lost by a timer, or a slow moment, is caught up with.
    private static let lateMax = Duration.seconds(1)
    /// How soon it is looked again where none is left.
    private static let lookAgain = Duration.milliseconds(10)

    /// The time from one turn to the next.
    package let interval: Duration
    /// Turns at even distances, in the order of their instants.
    private var blocks: [(next: MonotonicInstant, left: Int)] = []
    /// Turns that were used without being there.
    private var debt = 0

    /// - Parameter interval: the time from one turn to the next, above zero.
    package init(interval: Duration) { self.interval = interval }

    /// Turns that make up ``span``, at least 1.
    package var blockTurns: Int { max(1, Int(Self.span / interval)) }

    /// Turns that are left.
    package var left: Int { blocks.reduce(0) { $0 + $1.left } }

    /// Turns to reserve now; 0 while enough are left.
    package var lacking: Int { left * 2 > blockTurns ? 0 : blockTurns + debt }

    /// When a request may be sent; nil for at `now`.
    package mutating func waits(now: MonotonicInstant) -> MonotonicInstant? {
        drop(before: now.advanced(by: .zero - Self.lateMax))
        guard let first = blocks.first else { return now.advanced(by: Self.lookAgain) }
        return first.next > now ? first.next : nil
    }

    /// Uses a turn.
    package mutating func sent() {
        guard !blocks.isEmpty else { return debt += 1 }
        blocks[0].left -= 1
        blocks[0].next = blocks[0].next.advanced(by: interval)
        if blocks[0].left == 0 { blocks.removeFirst() }
    }

    /// Takes back turns that were taken and not used, to be used at once.
    package mutating func giveBack(_ turns: Int, now: MonotonicInstant) {
        let paid = min(debt, turns)
        debt -= paid
        if turns > paid { blocks.insert((now.advanced(by: interval * (paid - turns)), turns - paid), at: 0) }
    }

    /// Puts reserved turns in, the first of which is at `first`; those that were used beforehand are gone already.
    package mutating func add(_ turns: Int, from first: MonotonicInstant) {
        let paid = min(debt, turns)
        debt -= paid
        if turns > paid { blocks.append((first.advanced(by: interval * paid), turns - paid)) }
    }

    private mutating func drop(before oldest: MonotonicInstant) {
        while let first = blocks.first, first.next < oldest {
            let late = Int((first.next.duration(to: oldest) / interval).rounded(.up))
            if late >= first.left {
                blocks.removeFirst()
            } else {
                blocks[0] = (first.next.advanced(by: interval * late), first.left - late)
            }
        }
    }
}
