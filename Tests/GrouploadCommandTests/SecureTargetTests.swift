import Foundation
import TestSupport
import Testing

/// Imports over TLS and through a proxy, both spoken by Python, with certificates by openssl.
@Suite struct SecureTargetTests {
    /// Serves TLS in front of the sandbox, and an HTTP proxy that prints each CONNECT it gets; then runs the command
    /// that its arguments say, with `URL` and `TUNNEL` in place of the two addresses.
    private static let program = """
        import asyncio, ssl, sys
        sandbox, certificate, key, *command = sys.argv[1:]
        async def pump(reader, writer):
            try:
                while data := await reader.read(65536):
                    writer.write(data)
                    await writer.drain()
            except (ConnectionError, ssl.SSLError): pass
            finally: writer.close()
        async def join(reader, writer, port):
            try: other = await asyncio.open_connection("127.0.0.1", port)
            except OSError: return writer.close()
            await asyncio.gather(pump(reader, other[1]), pump(other[0], writer))
        async def terminate(reader, writer): await join(reader, writer, int(sandbox))
        async def proxy(reader, writer):
            head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode().split("\\r\\n")
            print(head[0], *[line for line in head if line.startswith("Proxy-")], flush=True)
            if "ZGVuaWVkOg==" in "".join(head):
                writer.write(b"HTTP/1.1 403 No\\r\\nContent-Length: 0\\r\\n\\r\\n")
                return writer.close()
            writer.write(b"HTTP/1.1 200 OK\\r\\n\\r\\n")
            await join(reader, writer, int(head[0].split()[1].rsplit(":")[-1]))
        async def main():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            port = lambda server: server.sockets[0].getsockname()[1]
            secure = await asyncio.start_server(terminate, "127.0.0.1", 0, ssl=context)
            tunnel = await asyncio.start_server(proxy, "127.0.0.1", 0)
            filled = [word.replace("URL", "https://localhost:%d" % port(secure)).replace("TUNNEL", \
        "127.0.0.1:%d" % port(tunnel)).replace("PLAIN", "localhost:%d" % port(secure))
                for word in command]
            process = await asyncio.create_subprocess_exec(*filled)
            sys.stdout.flush()
            status = await asyncio.wait_for(process.wait(), 100)
            import os; os._exit(status)
        asyncio.run(main())
        """

    private func importing(
        _ options: [String], variables: [String] = [], name: String = "localhost", isExpired: Bool = false,
        command words: String = "import", address: String = "URL"
    ) async throws -> (result: Command.Result, stored: Int) {
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
        let port = try #require(sandbox.url.split(separator: ":").last.map(String.init))
        var command = Command.python(
            Self.program,
            [port, certificate, key, "/usr/bin/env"] + variables
                + [Command.groupload([]).path, words] + (words == "export" ? [] : [list])
                + ["--target", address.replacingOccurrences(of: "SANDBOX", with: "localhost:\(port)")]
                + (words == "import" ? ["--run-dir", scratch.file("run")] : [])
                + options.map { $0.replacingOccurrences(of: "CERTIFICATE", with: certificate) })
        command.environment = Command.sandboxCredentials
        return (try await command.run(), try await sandbox.stored().count)
    }

    @Test("a certificate of --ca-file is trusted, and the load is whole") func trusted() async throws {
        let (result, stored) = try await importing(["--ca-file", "CERTIFICATE"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(stored == 3)
    }

    @Test("a certificate that nobody vouches for ends the run with 3, and nothing is sent") func untrusted()
        async throws
    {
        let (result, stored) = try await importing(["--connect-timeout", "2"])
        #expect(result.status == 3 && result.errorText.contains("--ca-file FILE"), "\(result.errorText)")
        expectAtOnce(result.errorText)
        expectPlain(result.errorText)
        #expect(stored == 0)
    }

    @Test("a certificate that has expired is called so", arguments: [true, false]) func expired(isKnown: Bool)
        async throws
    {
        let (result, stored) = try await importing(
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
            let (result, stored) = try await importing([], command: command)
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
        let (result, stored) = try await importing([], address: isSecureTarget ? "http://PLAIN" : "https://SANDBOX")
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
        let (result, stored) = try await importing(
            ["--ca-file", "CERTIFICATE", "--connect-timeout", "2"], name: "other.example")
        #expect(result.status == 3 && result.errorText.contains("not for localhost"), "\(result.errorText)")
        expectAtOnce(result.errorText)
        expectPlain(result.errorText)
        #expect(stored == 0)
    }

    @Test("a file that holds no certificates is an error before anything else") func noCertificates() async throws {
        let (result, stored) = try await importing(["--ca-file", "/dev/null"])
        #expect(result.status == 78 && result.errorText.contains("/dev/null"), "\(result.errorText)")
        #expect(stored == 0)
    }

    @Test("HTTPS_PROXY makes tunnels, with its user's password") func proxied() async throws {
        let (result, stored) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY=http://user:word@TUNNEL"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(stored == 3)
        // printf user:word | base64
        #expect(result.outputText.contains("CONNECT localhost:"))
        #expect(result.outputText.contains("Proxy-Authorization: Basic dXNlcjp3b3Jk"))
    }

    @Test("NO_PROXY exempts the target") func exempt() async throws {
        let (result, stored) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY=http://TUNNEL", "NO_PROXY=localhost"])
        #expect(result.status == 0, "\(result.errorText)")
        #expect(stored == 3 && !result.outputText.contains("CONNECT"))
    }

    @Test("a proxy that refuses ends the run with 3 and is named") func refused() async throws {
        let (result, stored) = try await importing(
            ["--ca-file", "CERTIFICATE"], variables: ["HTTPS_PROXY=http://denied@TUNNEL"])
        #expect(result.status == 3 && result.errorText.contains("HTTPS_PROXY"), "\(result.errorText)")
        expectPlain(result.errorText)
        #expect(stored == 0)
    }
}
