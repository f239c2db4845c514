import GroupLoad
import RewardsClient
import Testing

/// Which pages are asked for, in which order they are given.
@Suite struct PageWindowTests {
    private static func page(_ number: Int, of pages: Int?, groups: Int = 1, isLast: Bool? = nil) -> GroupPage {
        GroupPage(
            groups: (0..<groups).map { RewardGroup(id: Int64(number * 100 + $0 + 1), name: "\(number)") },
            number: number, isLast: isLast, size: nil, totalElements: nil, totalPages: pages)
    }

    private static func asked(_ window: inout PageWindow) -> [Int] {
        var asked: [Int] = []
        while let number = window.nextToAsk() { asked.append(number) }
        return asked
    }

    @Test("pages are given in order, whichever comes first; four times as many may wait") func order() {
        var window = PageWindow(Self.page(0, of: 12), concurrency: 2)
        #expect(Self.asked(&window) == [1, 2])
        window.arrived(2, Self.page(2, of: 12))
        let early = window.nextInOrder()?.number
        #expect(early == nil, "page 1 hasn't come")
        for number in 3...8 {
            #expect(Self.asked(&window) == [number])
            window.arrived(number, Self.page(number, of: 12))
        }
        #expect(Self.asked(&window).isEmpty, "page 9 is too far ahead of page 1")
        window.arrived(1, Self.page(1, of: 12))
        var given: [Int?] = []
        while let page = window.nextInOrder() { given.append(page.number) }
        #expect(given == (1...8).map { $0 })
        #expect(Self.asked(&window) == [9, 10] && window.isWaiting)
    }

    @Test("a list that grows has more pages than it first said") func grows() {
        var window = PageWindow(Self.page(0, of: 2), concurrency: 4)
        #expect(Self.asked(&window) == [1])
        window.arrived(1, Self.page(1, of: 3))
        _ = window.nextInOrder()
        #expect(Self.asked(&window) == [2])
    }

    @Test("where the number of pages isn't said, they are read one by one until one is empty or the last")
    func unknown() {
        for isEmpty in [true, false] {
            var window = PageWindow(Self.page(0, of: nil), concurrency: 4)
            #expect(Self.asked(&window) == [1])
            window.arrived(1, Self.page(1, of: nil))
            _ = window.nextInOrder()
            #expect(Self.asked(&window) == [2])
            window.arrived(2, Self.page(2, of: nil, groups: isEmpty ? 0 : 1, isLast: isEmpty ? nil : true))
            _ = window.nextInOrder()
            #expect(Self.asked(&window).isEmpty && !window.isWaiting)
        }
    }
}
