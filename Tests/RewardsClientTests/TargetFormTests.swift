import RewardsClient
import Testing

@Suite struct TargetFormTests {
    @Test(
        "a target as people write it",
        arguments: [
            ("https://eu.api.example.com", "https://eu.api.example.com"),
            ("eu.api.example.com", "https://eu.api.example.com"),
            ("eu.api.example.com:8443/", "https://eu.api.example.com:8443"),
            ("https://eu.api.example.com/", "https://eu.api.example.com"),
            ("https://eu.api.example.com//", "https://eu.api.example.com"),
            ("https://eu.api.example.com/api_gateway/core/v1", "https://eu.api.example.com"),
            ("https://eu.api.example.com/api_gateway/core/v1/group/", "https://eu.api.example.com"),
            (" https://eu.api.example.com ", "https://eu.api.example.com"),
            ("localhost:8080", "http://localhost:8080"), ("127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            // What is none is left for the check to refuse.
            ("https://eu.api.example.com/other", "https://eu.api.example.com/other"), ("", ""), ("/x", "/x"),
            ("user@host", "user@host"),
        ])
    func forms(text: String, target: String) {
        #expect(ClientConfiguration.plainTarget(text) == target)
    }

    @Test("the API's path is that of the prefix that is given") func prefix() {
        #expect(ClientConfiguration.plainTarget("https://a.example/x/", apiPrefix: "/x/") == "https://a.example")
        #expect(ClientConfiguration.plainTarget("https://a.example/x", apiPrefix: "") == "https://a.example/x")
    }

    @Test("a path that isn't the API's is refused with the flags that say the same") func otherPath() {
        let error = #expect(throws: ClientError.self) {
            try ClientConfiguration(
                target: "https://a.example:8443/other", credentials: .basic(till: "t", password: Secret("p")))
        }
        #expect(error?.code == .badTarget)
        #expect(
            error?.message.contains("--target https://a.example:8443, and the API's path by --api-prefix /other")
                == true)
    }
}
