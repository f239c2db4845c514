import Foundation
import GroupLoad
import Testing

/// Which service manager is told, and how often.
@Suite struct ServiceManagerTests {
    @Test(
        "the one that NOTIFY_SOCKET names, by a whole path or an abstract name",
        arguments: [
            ("/run/notify", true), ("@abstract", true), ("relative", false), ("", false), (nil, false),
            ("/" + String(repeating: "x", count: 106), true), ("/" + String(repeating: "x", count: 107), false),
        ])
    func named(name: String?, isTold: Bool) {
        var environment: [String: String] = [:]
        environment["NOTIFY_SOCKET"] = name
        #expect((ServiceManager(environment) != nil) == isTold)
    }

    @Test(
        "a watchdog's time is this process's, and more than nothing",
        arguments: [
            ("30000000", nil, 30_000), ("30000000", "\(getpid())", 30_000), ("30000000", "1", nil), ("0", nil, nil),
            ("-5", nil, nil), ("soon", nil, nil), (nil, nil, nil), ("1500", nil, nil),
        ] as [(String?, String?, Int?)])
    func watchdog(microseconds: String?, process: String?, milliseconds: Int?) {
        var environment = ["NOTIFY_SOCKET": "/run/notify"]
        (environment["WATCHDOG_USEC"], environment["WATCHDOG_PID"]) = (microseconds, process)
        let found = ServiceManager(environment)?.watchdog
        if microseconds == "1500" {
            #expect(found == .microseconds(1_500))
        } else {
            #expect(found == milliseconds.map { .milliseconds($0) })
        }
    }

    @Test("a socket that isn't there stops nobody") func nobody() throws {
        let manager = try #require(ServiceManager(["NOTIFY_SOCKET": "/nonexistent/\(UUID().uuidString)"]))
        manager.tellReady()
        manager.tellAlive()
        manager.tell(status: "sending: 3 of 4\nand a line")
        manager.tellStopping()
    }
}
