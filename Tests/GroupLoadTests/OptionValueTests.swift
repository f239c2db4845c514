import GroupLoad
import Testing

@Suite struct OptionValueTests {
    @Test(arguments: [("1000/min", 1000.0), ("10/s", 600), ("60", 60), ("0.5/s", 30)])
    func readsARate(text: String, perMinute: Double) {
        #expect(RequestRate(text)?.perMinute == perMinute)
    }

    @Test(arguments: ["", "0/min", "-1/s", "x", "10/h", "1/2/3", "nan", "inf/s", "1e9/s"])
    func refusesARate(text: String) {
        #expect(RequestRate(text) == nil)
    }

    @Test(arguments: [("0", ErrorLimit.count(0)), ("12", .count(12)), ("5%", .percent(5)), ("0.5%", .percent(0.5))])
    func readsAnErrorLimit(text: String, limit: ErrorLimit) {
        #expect(ErrorLimit(text) == limit)
    }

    @Test(arguments: ["", "-1", "101%", "x%", "1.5"])
    func refusesAnErrorLimit(text: String) {
        #expect(ErrorLimit(text) == nil)
    }

    @Test func judgesErrors() {
        #expect(!ErrorLimit.count(2).isExceeded(errors: 2, ended: 2))
        #expect(ErrorLimit.count(2).isExceeded(errors: 3, ended: 1000))
        #expect(!ErrorLimit.percent(10).isExceeded(errors: 99, ended: 99))
        #expect(!ErrorLimit.percent(10).isExceeded(errors: 10, ended: 100))
        #expect(ErrorLimit.percent(10).isExceeded(errors: 11, ended: 100))
    }
}
