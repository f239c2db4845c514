import GroupLoad
import Testing

@Suite struct OptionValueTests {
    @Test(
        arguments: [
            ("1000/min", 1000.0), ("10/s", 600), ("0.5/s", 30), ("1000/m", 1000), ("1000/minute", 1000),
            ("1,000/min", 1000), ("16/sec", 960), ("16 / second", 960), ("1000/MIN", 1000),
            ("1,234,567/min", 1_234_567),
        ])
    func readsARate(text: String, perMinute: Double) {
        #expect(RequestRate(text)?.perMinute == perMinute)
    }

    @Test(
        arguments: [
            "", "0/min", "-1/s", "x", "10/h", "1/2/3", "nan", "inf/s", "1e9/s", "1.000/min", "1,00/min", "1,5/s",
            "/min",
            "9999999/min", "60",
        ])
    func refusesARate(text: String) {
        #expect(RequestRate(text) == nil)
    }

    @Test("a number alone could be a minute's or a second's: both forms are shown", arguments: ["1000", "1,000"])
    func namesBothUnits(text: String) {
        #expect(throws: RequestRate.Fault.noUnit(text)) { try RequestRate(reading: text) }
        #expect(RequestRate.Fault.noUnit("1000").message.contains("1000/min or 1000/s"))
    }

    @Test(
        arguments: [
            ("0", ErrorLimit.count(0)), ("12", .count(12)), ("5%", .percent(5)), ("0.5%", .percent(0.5)),
            ("5 %", .percent(5)), ("1,000", .count(1000)),
        ])
    func readsAnErrorLimit(text: String, limit: ErrorLimit) {
        #expect(ErrorLimit(text) == limit)
    }

    @Test(arguments: ["", "-1", "101%", "x%", "1.5", "1,00", "1.000", "%", " "])
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
