import Foundation
import TestSupport
import Testing

/// Imports over TLS and through a proxy, with certificates by openssl.
@Suite struct SecureTargetTests {
    /// Runs a command on a sandbox behind TLS, whose address is `URL`, or `PLAIN` without the scheme; the proxy's is
    /// `TUNNEL`, and the sandbox's own `SANDBOX`.
    private func importing(
        _ options: [String], variables: [String: String] = [:], name: String = "localhost", isExpired: Bool = false,
        command words: String = "import", address: String = "URL"
    ) async throws -> (result: Command.Result, stored: Int, proxied: String) {
        let sandbox = try await SandboxProcess.start()
        let scratch = try Scratch()
        let (certificate, key) = (scratch.file("certificate.pem"), scratch.file("key.pem"))
        // x509, unlike req, takes a number of days below zero.
        let make = """
            openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -addext "subjectAltName=DNS:$1" -keyout "$2" \\
                -out "$3.csr" &&
            openssl x509 -req -in "$3.csr" -signkey "$2" -days "$4" -copy_extensions copy -out "$3"
            """
        let made = try await Command("/bin/sh", ["-c", make, "sh", name, key, certificate, isExpired ? "-1" : "2"])
            .run()
        try #require(made.status == 0, "\(made.errorText)")
        let list = try scratch.write("name\nSecure 1\nSecure 2\nSecure 3\n", as: "list.csv")
        let port = try #require(sandbox.url.split(separator: ":").last.flatMap { Int($0) })
        let arguments =
            [words] + (["export", "doctor"].contains(words) ? [] : [list]) + ["--target", address]
            + (words == "import" ? ["--run-dir", scratch.file("run")] : []) + options
        // printf denied: | base64
        return try await SecureServer.serving(port, certificate: certificate, key: key, refusing: "ZGVuaWVkOg==") {
            server in
            func filled(_ text: String) -> String {
                [
                    ("URL", "https://localhost:\(server.port)"), ("PLAIN", "localhost:\(server.port)"),
                    ("TUNNEL", "127.0.0.1:\(server.proxyPort)"), ("SANDBOX", "localhost:\(port)"),
                    ("CERTIFICATE", certificate),
                ].reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1) }
            }
            var command = Command.groupload(arguments.map(filled))
            command.environment.merge(variables.mapValues(filled)) { $1 }
            let result = try await command.run()
            return (result, try await sandbox.stored().count, server.proxyHeads.joined())
        }
    }

    @Test("a certificate of --ca-file is trusted, and the load is whole") func trusted() async throws {
        let (result, stored, _) = try await importing(["--ca-file", "CERTIFICATE"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(stored == 3)
    }

    @Test("a certificate that nobody vouches for ends the run with 3, and nothing is sent") func untrusted()
        async throws
    {
        let (result, stored, _) = try await importing(["--connect-timeout", "2"])
        #expect(result.status == 3 && result.errorText.contains("--ca-file FILE"), "\(result.errorText)")
        expectAtOnce(result.errorText)
        expectPlain(result.errorText)
        #expect(stored == 0)
    }

    @Test("a collector's certificate is trusted by OTEL_EXPORTER_OTLP_CERTIFICATE, and by nothing else of a target's")
    func collector() async throws {
        for (file, said) in [
            ("CERTIFICATE", "it responded with HTTP 404"), ("", "the address's certificate is self-signed"),
            ("/dev/null", "holds no certificates in PEM form\n"),
        ] {
            let (result, stored, _) = try await importing(
                ["--ca-file", "CERTIFICATE", "--quiet"],
                variables: ["OTEL_EXPORTER_OTLP_ENDPOINT": "URL", "OTEL_EXPORTER_OTLP_CERTIFICATE": file],
                address: "http://SANDBOX")
            #expect(result.status == 0 && stored == 3)
            #expect(result.errorText.contains(said) && !result.errorText.contains("target"), "\(result.errorText)")
        }
    }

    @Test("a certificate that has expired is called so", arguments: [true, false]) func expired(isKnown: Bool)
        async throws
    {
        let (result, stored, _) = try await importing(
            ["--connect-timeout", "2"] + (isKnown ? ["--ca-file", "CERTIFICATE"] : []), isExpired: true)
        #expect(result.status == 3 && result.errorText.contains("has expired"), "\(result.errorText)")
        expectAtOnce(result.errorText)
        expectPlain(result.errorText)
        #expect(stored == 0)
    }

    /// The run ended without waiting for what doesn't pass by waiting.
    private func expectAtOnce(_ text: String) { #expect(!text.contains("trying again"), "\(text)") }

    @Test("every command ends at once on a certificate that nobody vouches for, and names --ca-file")
    func everyCommand() async throws {
        for command in ["plan", "export"] {
            let (result, stored, _) = try await importing([], command: command)
            #expect(
                result.status == 3 && result.errorText.contains("--ca-file FILE"), "\(command): \(result.errorText)")
            expectAtOnce(result.errorText)
            #expect(stored == 0)
        }
    }

    @Test(
        "TLS that only one side speaks ends the run at once, and the address to give is said", arguments: [true, false])
    func oneSided(isSecureTarget: Bool) async throws {
        // The certificate's server gets http:, the sandbox https:.
        let (result, stored, _) = try await importing([], address: isSecureTarget ? "http://PLAIN" : "https://SANDBOX")
        let address = isSecureTarget ? "--target https://…" : "--target http://…"
        #expect(result.status == 3 && result.errorText.contains(address), "\(result.errorText)")
        expectAtOnce(result.errorText)
        expectPlain(result.errorText)
        // A server that closes without a word may have been restarted.
        #expect(result.errorText.contains("resuming would not change that") == !isSecureTarget)
        #expect(stored == 0)
    }

    /// No library's type, number or source path.
    private func expectPlain(_ text: String) {
        for word in ["NIO", "SSLError", "Error(", "Error:", "errno", ".cc", ".swift", "OPENSSL"] {
            #expect(!text.contains(word), "\(text)")
        }
    }

    @Test("a certificate of another host's ends it too") func otherHost() async throws {
        let (result, stored, _) = try await importing(
            ["--ca-file", "CERTIFICATE", "--connect-timeout", "2"], name: "other.example")
        #expect(result.status == 3 && result.errorText.contains("not for localhost"), "\(result.errorText)")
        expectAtOnce(result.errorText)
        expectPlain(result.errorText)
        #expect(stored == 0)
    }

    @Test("a file that holds no certificates is an error before anything else") func noCertificates() async throws {
        let (result, stored, _) = try await importing(["--ca-file", "/dev/null"])
        #expect(result.status == 78 && result.errorText.contains("/dev/null"), "\(result.errorText)")
        #expect(stored == 0)
    }

    @Test("HTTPS_PROXY makes tunnels, with its user's password") func proxied() async throws {
        let (result, stored, proxied) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY": "http://user:word@TUNNEL"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(stored == 3)
        // printf user:word | base64
        #expect(proxied.contains("CONNECT localhost:"))
        #expect(proxied.contains("Proxy-Authorization: Basic dXNlcjp3b3Jk"))
    }

    @Test("NO_PROXY exempts the target") func exempt() async throws {
        let (result, stored, proxied) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY": "http://TUNNEL", "NO_PROXY": "localhost"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(stored == 3 && proxied.isEmpty)
    }

    /// What doctor finds: the result and the words of a check.
    private func check(_ name: String, _ result: Command.Result) throws -> (result: String, text: String) {
        expectPlain(result.outputText)
        let lines = result.outputText.split(separator: "\n").map(String.init)
        let line = try #require(lines.first { $0.dropFirst(6).hasPrefix(name + " ") }, "\(result.outputText)")
        return (line.prefix(6).trimmingCharacters(in: .whitespaces), String(line.dropFirst(19)))
    }

    @Test("doctor gives TLS's version and the certificate's last day, and warns of one that ends soon")
    func doctor() async throws {
        let (result, stored, _) = try await importing(["--ca-file", "CERTIFICATE"], command: "doctor")
        #expect(result.status == 0 && stored == 0, "\(result.outputText)")
        let found = try check("tls", result)
        #expect(found.result == "warn" && found.text.contains("TLS 1.3, the certificate is trusted and valid until 20"))
        // It was made for two days, this second or a few seconds ago.
        let ends = ["for 1 more day; have", "for 2 more days; have"].contains { found.text.contains($0) }
        #expect(ends && result.outputText.contains("1 warning"), "\(found)")
    }

    @Test(
        "doctor names what is wrong with a certificate, and ends as an import would",
        arguments: [
            ("localhost", false, false, "--ca-file FILE"), ("localhost", true, true, "has expired"),
            ("other.example", false, true, "not for localhost"),
        ])
    func doctorOfBadCertificate(name: String, isExpired: Bool, isKnown: Bool, words: String) async throws {
        let (result, _, _) = try await importing(
            isKnown ? ["--ca-file", "CERTIFICATE"] : [], name: name, isExpired: isExpired, command: "doctor")
        #expect(result.status == 3)
        let found = try check("tls", result)
        #expect(found.result == "FAIL" && found.text.contains(words), "\(found)")
        #expect(try check("connection", result).result == "ok")
        #expect(try check("run-dir", result).result == "ok")
        #expect(try check("login", result).result == "-")
    }

    @Test("doctor takes a file without certificates, and TLS that one side speaks, for what they are")
    func doctorOfOneSide() async throws {
        let none = try await importing(["--ca-file", "/dev/null"], command: "doctor").result
        #expect(none.status == 78)
        #expect(try check("tls", none).text.contains("/dev/null"))
        let plain = try await importing([], command: "doctor", address: "https://SANDBOX").result
        #expect(plain.status == 3)
        #expect(try check("tls", plain).text.contains("--target http://…"))
        let secure = try await importing([], command: "doctor", address: "http://PLAIN").result
        #expect(secure.status == 3)
        #expect(try check("list", secure).text.contains("--target https://…"))
    }

    @Test("doctor goes through the proxy and names it, without its password") func doctorOfProxy() async throws {
        let (result, _, proxied) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY": "http://user:word@TUNNEL"], command: "doctor")
        #expect(result.status == 0 && proxied.contains("CONNECT localhost:"), "\(result.outputText)")
        #expect(try check("proxy", result).text.contains("by HTTPS_PROXY"))
        #expect(!result.outputText.contains("word@") && !result.outputText.contains(":word"))
        let refused = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY": "http://denied@TUNNEL"], command: "doctor"
        ).result
        #expect(refused.status == 3)
        let found = try check("proxy", refused)
        #expect(found.result == "FAIL" && found.text.contains("HTTPS_PROXY"), "\(found)")
        #expect(try check("connection", refused).result == "ok")
        #expect(try check("tls", refused).result == "-")
    }

    @Test("a proxy that refuses ends the run with 3 and is named") func refused() async throws {
        let (result, stored, _) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY": "http://denied@TUNNEL"])
        #expect(result.status == 3 && result.errorText.contains("HTTPS_PROXY"), "\(result.errorText)")
        expectPlain(result.errorText)
        #expect(stored == 0)
    }
}
