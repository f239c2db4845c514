import RewardsClient
import Testing

/// The proxy that the environment names.
@Suite struct ProxyAddressTests {
    @Test(
        "which hosts go through it",
        arguments: [
            (["HTTPS_PROXY": "http://p:3128"], "p:3128"), (["https_proxy": "p.example:8080/"], "p.example:8080"),
            (["HTTPS_PROXY": "http://u:s@[::1]:1"], "::1:1"), (["HTTPS_PROXY": "p"], "p:80"), ([:], nil),
            (["HTTPS_PROXY": ""], nil), (["HTTPS_PROXY": "a", "https_proxy": "b"], "b:80"),
            (["HTTPS_PROXY": "p", "NO_PROXY": "other, eu.api.example.com"], nil),
            (["HTTPS_PROXY": "p", "NO_PROXY": ".example.com"], nil),
            (["HTTPS_PROXY": "p", "no_proxy": "EXAMPLE.com"], nil),
            (["HTTPS_PROXY": "p", "NO_PROXY": "*"], nil), (["HTTPS_PROXY": "p", "NO_PROXY": "ample.com,."], "p:80"),
            (["HTTP_PROXY": "p"], nil),
        ] as [([String: String], String?)])
    func hosts(environment: [String: String], expected: String?) throws {
        let proxy = try ProxyAddress.fromEnvironment(environment, host: "eu.api.example.com")
        #expect(proxy.map { "\($0.host):\($0.port)" } == expected)
    }

    @Test(
        "what is no HTTP proxy is refused, and not shown",
        arguments: ["socks5://secret:1", "http://", "http://secret:99999", "http://secret/path"])
    func refused(text: String) {
        #expect { try ProxyAddress.fromEnvironment(["HTTPS_PROXY": text], host: "a") } throws: { error in
            (error as? ClientError)?.code == .badProxy && !"\(error)".contains("secret")
        }
    }
}
