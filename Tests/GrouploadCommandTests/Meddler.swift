import Foundation
import Synchronization
import TestSupport

/// Somebody else, who creates, re-ranks and deactivates groups of a sandbox while a test goes on.
final class Meddler: Sendable {
    private let sandbox: SandboxProcess
    private let isEnded = Mutex(false)

    init(_ sandbox: SandboxProcess) { self.sandbox = sandbox }

    /// Goes on until ``end()``, at most for 100,000 calls.
    func run() async throws {
        let names = try await sandbox.stored().compactMap { group in
            (group["id"] as? Int).map { (id: $0, name: group["name"] as? String ?? "") }
        }
        try await blocking { [self] in
            var generator = SeededGenerator(state: SeededGenerator.seed())
            let connection = try sandbox.connect()
            for number in 1...100_000 where !isEnded.withLock({ $0 }) {
                let rank = Int.random(in: 0..<1000, using: &generator)
                var (line, name, isActive) = ("POST /api_gateway/core/v1/group/create", "New \(number)", true)
                if number % 3 > 0, let group = names.randomElement(using: &generator) {
                    (line, name) = ("PUT /api_gateway/core/v1/group/\(group.id)", group.name)
                    isActive = Int.random(in: 0..<10, using: &generator) < 7
                }
                let body = try JSONSerialization.data(
                    withJSONObject: ["name": name, "rank": rank, "isActive": isActive])
                try connection.call(line, String(decoding: body, as: UTF8.self))
            }
        }
    }

    /// Ends it behind the call under way.
    func end() { isEnded.withLock { $0 = true } }
}
