import HTTPTypes
import RewardsSandbox
import Testing

@Suite("Error forms")
struct ErrorFormTests {
    private static let refusals: [(ErrorShape, String)] = [
        (.status, #"{"status":{"success":false,"code":12012,"message":"Group name must be unique"}}"#),
        (.flat, #"{"code":12012,"message":"Group name must be unique"}"#),
        (.list, #"{"errors":[{"code":12012,"message":"Group name must be unique"}]}"#),
    ]

    @Test(
        "A refused name has the configured shape and status; other refusals keep their status", arguments: refusals,
        [400, 409, 200])
    func forms(form: (shape: ErrorShape, text: String), status: Int) async throws {
        let configuration = SandboxConfiguration(errorShape: form.shape, nameRefusalStatus: status)
        try await withSandbox(configuration) { client in
            #expect(try await client.create("a").status == 200)
            let taken = try await client.create("a")
            #expect(taken.status == status)
            #expect(taken.text == form.text)
            let nameless = try await client.send(.post, groupPath + "/create", #"{"name":null}"#)
            #expect(nameless.status == status)
            #expect(nameless.text.contains(#""code":400,"message":"Group name must not be null""#))
            #expect(try await client.send(.post, groupPath + "/create", "").status == 400)
            #expect(try await client.send(.get, groupPath + "/77").status == 404)
            #expect(try await client.send(.get, groupPath, headers: [:]).status == 401)
        }
    }

    @Test("A status or a time out of bounds is refused")
    func bounds() throws {
        for configuration in [
            SandboxConfiguration(nameRefusalStatus: 500), SandboxConfiguration(staleMilliseconds: -1),
            SandboxConfiguration(staleMilliseconds: 60_001),
        ] {
            let error = #expect(throws: SandboxError.self) {
                try Sandbox(configuration: configuration, logger: quietLogger)
            }
            #expect(error?.code == .configuration)
        }
    }
}
