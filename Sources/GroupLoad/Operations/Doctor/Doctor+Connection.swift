import Foundation
import RewardsClient

// The way to the target: name, TCP, proxy, TLS.
extension Doctor {
    /// How long a certificate must last so that nothing is said of it.
    private static let certificateDaysMin: Int64 = 14

    private static let callChecks: [DoctorFinding.Check] = [.login, .list, .pageSize, .rate, .clock]

    /// Checks the way to the target, and what the target says.
    func checkTarget(_ report: inout DoctorReport) async {
        let ways: [DoctorFinding.Check] = [.name, .connection, .proxy, .tls]
        guard case .success(let client) = subject.client else {
            return report.pass(over: ways + Self.callChecks, "the target can't be used as it is given")
        }
        let probe: ConnectionProbe
        let transport: HTTPTransport
        do throws(ClientError) {
            probe = try ConnectionProbe(client, environment: environment.client)
            transport = try HTTPTransport(configuration: client, environment: environment.client)
        } catch {
            report.pass(over: [.name, .connection, .proxy], "--ca-file can't be used")
            report.add(.fail(.tls, RunError(.configuration, error.message)))
            return report.pass(over: Self.callChecks, "there is no connection")
        }
        if await checkConnection(probe, &report) {
            await checkCalls(client, transport, &report)
        } else {
            report.pass(over: Self.callChecks, "there is no connection")
        }
        do { try await transport.shutdown() } catch {
            // All calls have ended; its connections go with the process.
        }
    }

    /// Whether calls can be carried.
    private func checkConnection(_ probe: ConnectionProbe, _ report: inout DoctorReport) async -> Bool {
        guard await checkName(probe, &report) else {
            report.pass(over: [.connection, .proxy, .tls], "the name has no address")
            return false
        }
        let found = await probe.connect()
        guard let opened = found.opened else {
            report.add(Self.failed(.connection, found))
            report.pass(over: [.proxy, .tls], "there is no connection")
            return false
        }
        report.add(.ok(.connection, "\(found.address ?? probe.host) in \(opened.milliseconds) ms"))
        if let proxy = probe.proxy {
            guard found.isTunnelled else {
                report.add(Self.failed(.proxy, found))
                report.add(.notChecked(.tls, "there is no connection"))
                return false
            }
            report.add(.ok(.proxy, "\(proxy.host):\(proxy.port), by HTTPS_PROXY"))
        } else {
            report.add(.ok(.proxy, "none"))
        }
        report.add(tlsFinding(probe, found))
        return found.failure == nil
    }

    private func checkName(_ probe: ConnectionProbe, _ report: inout DoctorReport) async -> Bool {
        if probe.isAddress {
            report.add(.ok(.name, "\(probe.host) is an address"))
            return true
        }
        do {
            if let address = try await probe.address() {
                report.add(.ok(.name, "\(probe.host) is \(address)"))
                return true
            }
        } catch {
            // The event loops end with the process only.
        }
        report.add(Self.failed(.name, probe.unknownName, isLasting: false))
        return false
    }

    private func tlsFinding(_ probe: ConnectionProbe, _ found: ConnectionProbe.Finding) -> DoctorFinding {
        if found.failure != nil { return Self.failed(.tls, found) }
        guard probe.isSecure else { return .ok(.tls, "none: the target is http:") }
        guard let session = found.session, let certificate = session.certificate else { return .ok(.tls, "TLS") }
        let until = Date(timeIntervalSince1970: Double(certificate.until)).formatted(.iso8601)
        let days = (certificate.until - environment.epochMilliseconds / 1000) / 86_400
        let text = "\(session.version), the certificate is trusted and valid until \(until)"
        guard days < Self.certificateDaysMin else { return .ok(.tls, "\(text), for \(Shown.count(days, "day"))") }
        return .warn(
            .tls, "\(text), for \(Shown.count(days, "more day", "more days"))",
            remedy: "have those who run the target renew it")
    }

    private static func failed(_ check: DoctorFinding.Check, _ found: ConnectionProbe.Finding) -> DoctorFinding {
        failed(check, found.failure ?? "the connection was closed", isLasting: found.isLasting)
    }

    /// A failure whose text has its remedy behind a semicolon.
    static func failed(_ check: DoctorFinding.Check, _ text: String, isLasting: Bool) -> DoctorFinding {
        let cut = text.firstRange(of: "; ")
        return .fail(
            check,
            RunError(
                isLasting ? .targetUnfit : .targetUnusable, String(text[..<(cut?.lowerBound ?? text.endIndex)]),
                remedy: cut.map { String(text[$0.upperBound...]) } ?? "check --target and the network"))
    }
}
