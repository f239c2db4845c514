import RewardsClient
import Testing

@Suite("Configuration")
struct ConfigurationTests {
    static let credentials = Credentials.basic(till: "till", password: Secret("p"))

    @Test(
        "targets that serve",
        arguments: [
            ("https://a.example/", "https://a.example"), ("HTTPS://a.example:8443", "https://a.example:8443"),
            ("http://127.0.0.1:80", "http://127.0.0.1:80"), ("http://localhost", "http://localhost"),
            ("http://[::1]:9", "http://[::1]:9"), ("http://127.9.9.9", "http://127.9.9.9"),
        ])
    func accepted(text: String, expected: String) throws {
        #expect(try ClientConfiguration(target: text, credentials: Self.credentials).target == expected)
    }

    @Test("every cluster's address serves", arguments: Cluster.allCases)
    func cluster(_ cluster: Cluster) throws {
        #expect(try ClientConfiguration(target: cluster.target, credentials: Self.credentials).target == cluster.target)
    }

    @Test(
        "targets that don't",
        arguments: [
            ("", .badTarget), ("a.example", .badTarget), ("ftp://a.example", .badTarget), ("https://", .badTarget),
            ("https://a.example/path", .badTarget), ("https://a.example?x=1", .badTarget),
            ("https://a.example:99999", .badTarget), ("https://hidden:pw@a.example", .userInfoInTarget),
            ("http://a.example", .insecureTarget), ("http://127.0.0.1.a.example", .insecureTarget),
            ("http://10.0.0.1", .insecureTarget), ("http://127.a.b.c", .insecureTarget),
        ] as [(String, ClientError.Code)])
    func refused(text: String, code: ClientError.Code) {
        let error = #expect(throws: ClientError.self) {
            try ClientConfiguration(target: text, credentials: Self.credentials)
        }
        #expect(error?.code == code)
        #expect(error?.message.contains("hidden") == false && error?.message.contains("pw@") == false)
    }

    @Test("plain http elsewhere with leave")
    func insecureWithLeave() throws {
        let configuration = try ClientConfiguration(
            target: "http://10.0.0.1:8080", credentials: Self.credentials, allowInsecure: true)
        #expect(configuration.target == "http://10.0.0.1:8080" && configuration.place == "10.0.0.1:8080")
    }

    @Test(
        "headers of the user's own",
        arguments: [
            ("X-Own", "v", nil), ("authorization", "v", .forbiddenHeader), ("Host", "v", .forbiddenHeader),
            ("Content-Length", "1", .forbiddenHeader), ("X-CAP-API-OAUTH-TOKEN", "v", .forbiddenHeader),
            ("X Own", "v", .badHeader), ("", "v", .badHeader), ("X-Own", "a\r\nHost: b", .badHeader),
        ] as [(String, String, ClientError.Code?)])
    func headers(name: String, value: String, code: ClientError.Code?) {
        #expect(Self.code(headers: [(name, value)]) == code)
    }

    @Test("prefix, limits and credentials are checked")
    func rest() {
        #expect(Self.code(apiPrefix: "/api_gateway/rewards/core/v1/") == nil)
        #expect(Self.code(apiPrefix: "v1") == .badPrefix)
        #expect(Self.code(apiPrefix: "/v1?x") == .badPrefix)
        #expect(Self.code(connectionsMax: 0) == .badLimit)
        #expect(Self.code(requestTimeout: .zero) == .badLimit)
        #expect(Self.code(credentials: .basic(till: "a:b", password: Secret("p"))) == .badCredentials)
        #expect(Self.code(credentials: .basic(till: "a", passwordMD5: Secret("XYZ"))) == .badCredentials)
        #expect(Self.code(credentials: .oauth(key: "", secret: Secret("s"))) == .badCredentials)
    }

    private static func code(
        apiPrefix: String = "/v1", credentials: Credentials = credentials, headers: [(String, String)] = [],
        requestTimeout: Duration = .seconds(1), connectionsMax: Int = 1
    ) -> ClientError.Code? {
        do throws(ClientError) {
            _ = try ClientConfiguration(
                target: "https://a.example", apiPrefix: apiPrefix, credentials: credentials, headers: headers,
                requestTimeout: requestTimeout, connectionsMax: connectionsMax)
            return nil
        } catch {
            return error.code
        }
    }
}
