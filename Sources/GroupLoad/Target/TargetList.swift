package import RewardsClient

/// All groups that the target lists, each once, also while others create and change groups.
///
/// Pages are numbered, so a group that moves while they are read can be missed, and stand on two of them. A pass over
/// all pages is therefore checked against the number of groups that the target says there are; what changed last is
/// then read until that number is met, and all pages are read again where it isn't, as often as ``passesMax``, in the
/// target's own order, in which groups hardly move. No group can be deleted, so that as many different ids as the
/// target has groups are all of them.
package struct TargetList: Sendable {
    /// Groups that a page is asked for at first; the server may give fewer, and may say that this is too many.
    package static let pageSizeWanted = 1000
    /// Passes over all pages, and readings of what changed last behind each.
    package static let passesMax = 4, catchUpsMax = 20
    /// Pages that are read at most, however many the target says there are.
    package static let pagesMax = 200_000

    /// How reading ended.
    package enum Completeness: Sendable, Equatable {
        /// Everything that the target lists was read.
        case complete
        /// The list changed faster than it could be read: so many groups were read, and the target says that it has so
        /// many.
        case changing(read: Int, total: Int64)
    }

    private let reader: PageReader
    private let concurrency: Int
    private var query: ListQuery
    /// The first page, where it was read already.
    private var opened: GroupPage?
    /// Pages that may still be read.
    private var pagesLeft: Int

    /// - Parameters:
    ///   - concurrency: pages read at once.
    ///   - query: which groups, in which order; its page and size are not heeded.
    ///   - pagesMax: pages that are read at most, over all passes; a list that needs more can't be read.
    package init(
        _ reader: PageReader, concurrency: Int, query: ListQuery = ListQuery(), pagesMax: Int = TargetList.pagesMax
    ) {
        self.reader = reader
        pagesLeft = pagesMax
        self.concurrency = concurrency
        self.query = query
        self.query.size = Self.pageSizeWanted
    }

    /// How many pages there are, at the size that the server allows; nil where it doesn't say. Reads the first.
    package mutating func pages() async throws -> Int? {
        let page = try await firstPage()
        opened = page
        return page.totalPages ?? (page.isLast == true ? 1 : nil)
    }

    /// Reads all groups into `body`, in the order of the list; those that moved while it was read come at the end.
    ///
    /// - Throws: ``RunError`` as ``PageReader``; what `body` throws.
    package mutating func read(_ body: ([RewardGroup]) async throws -> Void) async throws -> Completeness {
        var seen = Set<Int64>()
        var total: Int64 = 0
        for _ in 0..<Self.passesMax {
            if try await readAll(&seen, body) { return .complete }
            for _ in 0..<Self.catchUpsMax {
                let before = seen.count
                total = try await catchUp(&seen, body)
                if Int64(seen.count) == total { return .complete }
                // Nothing that is new, and yet too few: something was missed further back.
                if seen.count == before { break }
            }
            (query.sort, query.order) = (nil, nil)
        }
        return .changing(read: seen.count, total: total)
    }

    /// One reading of all pages; whether that saw one and the same list: every page named the same number of groups,
    /// and that many different ones were seen.
    private mutating func readAll(
        _ seen: inout Set<Int64>, _ body: ([RewardGroup]) async throws -> Void
    ) async throws -> Bool {
        let first = try await firstPage()
        var own = Set<Int64>()
        var (total, isSteady) = (first.totalElements, first.totalElements != nil)
        try await forEachPage(from: first) { page in
            if page.totalElements != total { isSteady = false }
            total = page.totalElements ?? total
            for group in page.groups { own.insert(group.id) }
            let fresh = page.groups.filter { seen.insert($0.id).inserted }
            if !fresh.isEmpty { try await body(fresh) }
        }
        try refuseEndless()
        return isSteady && Int64(own.count) == total
    }

    /// Calls `body` with all pages in their order, of which several are asked for at once.
    private mutating func forEachPage(
        from first: GroupPage, _ body: (GroupPage) async throws -> Void
    ) async throws {
        try await body(first)
        var window = PageWindow(first, concurrency: concurrency)
        try await withThrowingTaskGroup(of: (Int, GroupPage).self) { group in
            let (reader, query) = (reader, query)
            func askMore() {
                while pagesLeft > 0, let number = window.nextToAsk() {
                    pagesLeft -= 1
                    group.addTask {
                        var query = query
                        query.page = number
                        return (number, try await reader.page(query))
                    }
                }
            }
            askMore()
            while window.isWaiting, let (number, page) = try await group.next() {
                window.arrived(number, page)
                while let page = window.nextInOrder() { try await body(page) }
                askMore()
            }
        }
    }

    /// - Throws: ``RunError`` with ``ExitStatus/unusable`` where as many pages were read as may be.
    private func refuseEndless() throws(RunError) {
        guard pagesLeft > 0 else {
            throw PageReader.unreadable("it doesn't end: more pages were given than its groups can need")
        }
    }

    /// The first page, at a size that the server allows; that size is then kept.
    private mutating func firstPage() async throws -> GroupPage {
        query.page = 0
        if let page = opened {
            opened = nil
            return page
        }
        while true {
            switch try await reader.firstPage(query) {
            case .page(let page):
                if let size = page.size, size > 0, size < query.size {
                    query.size = size
                } else if page.isLast != true, page.totalPages != 1, !page.groups.isEmpty,
                    page.groups.count < query.size
                {
                    query.size = page.groups.count
                }
                return page
            case .refused(let message):
                guard query.size > 10 else { throw PageReader.unreadable(message) }
                query.size = max(10, query.size / 10)
            }
        }
    }

    /// Reads what was changed last, until a page brings nothing new. Gives how many groups the target says there are.
    private mutating func catchUp(_ seen: inout Set<Int64>, _ body: ([RewardGroup]) async throws -> Void) async throws
        -> Int64
    {
        var latest = query
        (latest.page, latest.sort, latest.order) = (0, .lastUpdated, .descending)
        var total: Int64 = 0
        while true {
            try refuseEndless()
            pagesLeft -= 1
            let page = try await reader.page(latest)
            if latest.page == 0 { total = page.totalElements ?? Int64(seen.count) }
            let fresh = page.groups.filter { seen.insert($0.id).inserted }
            if fresh.isEmpty { return total }
            try await body(fresh)
            if page.isLast == true { return total }
            latest.page += 1
        }
    }
}
