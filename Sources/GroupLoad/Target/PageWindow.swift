package import RewardsClient

/// Which pages of a list are asked for and which have come, so that several are under way at once and yet all are given
/// in order. Pure.
package struct PageWindow {
    /// How many times as many pages as are read at once may have come before one that is waited for.
    private static let aheadFactor = 4

    /// Pages that are read at once: one by one where the server doesn't say how many there are.
    private let concurrency: Int
    /// How many pages there are; nil to read until one brings nothing.
    private var pages: Int?
    /// The next page to ask for, and the next to give.
    private var asked = 1, next = 1
    private var underWay = 0
    private var early: [Int: GroupPage] = [:]
    /// Whether the last page that was given is the list's last.
    private var isOver = false

    /// - Parameter first: page 0, which has been given already.
    package init(_ first: GroupPage, concurrency: Int) {
        pages = first.totalPages ?? (first.isLast == true ? 1 : nil)
        self.concurrency = pages == nil ? 1 : concurrency
    }

    /// Whether a page that was asked for has not been given.
    package var isWaiting: Bool { next < asked }

    /// The next page to ask for; nil where enough are under way, or far enough ahead, or no more are to come.
    package mutating func nextToAsk() -> Int? {
        guard !isOver, asked < pages ?? .max, underWay < concurrency, asked < next + concurrency * Self.aheadFactor
        else { return nil }
        defer { asked += 1 }
        underWay += 1
        return asked
    }

    /// Takes a page that has come.
    package mutating func arrived(_ number: Int, _ page: GroupPage) {
        underWay -= 1
        early[number] = page
    }

    /// The next page in order, if it has come.
    package mutating func nextInOrder() -> GroupPage? {
        guard let page = early.removeValue(forKey: next) else { return nil }
        next += 1
        // More, where groups came meanwhile: they may have pushed others behind what was the last page.
        if let known = pages { pages = max(known, page.totalPages ?? 0) }
        isOver = page.groups.isEmpty || pages == nil && page.isLast == true
        return page
    }
}
