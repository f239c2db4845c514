import Foundation
import TestSupport
import Testing

/// What a process tells OpenTelemetry, and that nothing of it changes how a load ends.
@Suite struct OpenTelemetryTests {
    private static let trace = "0af7651916cd43dd8448eb211c80319c"
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func load(
        _ target: String, _ environment: [String: String], _ options: [String] = []
    ) throws -> Command {
        let list = try scratch.write("name,rank\nGold,1\n,2\nSilver,3\n", as: "list.csv")
        return Command.groupload(
            ["import", list, "--target", target, "--run-dir", scratch.file("run"), "--quiet"] + options,
            environment: Command.sandboxCredentials.merging(environment) { $1 })
    }

    /// Loads with a collector's address as the environment has it; the list has an invalid record, so that it ends
    /// with 1.
    private func load(
        to collector: ScriptedServer, _ environment: [String: String] = [:]
    ) async throws -> Command.Result {
        let sandbox = try await SandboxProcess.start()
        let variables = ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.target].merging(environment) { $1 }
        return try await load(sandbox.url, variables).run()
    }

    private static let taken = ScriptedServer.Step.send(rawResponse(200, "{}"))

    private static func paths(_ server: ScriptedServer) -> [String] {
        server.requests.map { $0.split(separator: " ").dropFirst().first.map(String.init) ?? "" }.sorted()
    }

    /// The bodies of the requests for a path, as JSON.
    private static func bodies(_ server: ScriptedServer, _ path: String) throws -> [[String: Any]] {
        try server.requests.filter { $0.contains(" \(path) ") }.map { request in
            let body = try #require(request.components(separatedBy: "\r\n\r\n").last)
            return try #require(try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any])
        }
    }

    /// What stands at a path of names in JSON, the first of each array.
    private static func first(_ json: Any?, _ path: String) -> Any? {
        path.split(separator: ".").reduce(json) { value, name in
            let value = (value as? [String: Any])?[String(name)]
            return name == path.split(separator: ".").last ? value : (value as? [Any])?.first ?? value
        }
    }

    private static func spans(_ server: ScriptedServer) throws -> [[String: Any]] {
        let body = try #require(try bodies(server, "/v1/traces").first)
        return try #require(first(body, "resourceSpans.scopeSpans.spans") as? [[String: Any]])
    }

    private static func attributes(_ json: Any?) -> [String: String] {
        (json as? [[String: Any]] ?? []).reduce(into: [:]) { all, attribute in
            let value = (attribute["value"] as? [String: Any])?.values.first
            all[attribute["key"] as? String ?? ""] = value.map { "\($0)" } ?? ""
        }
    }

    @Test("spans of the process and its phases, with what they are of") func spans() async throws {
        let collector = try ScriptedServer([Self.taken])
        defer { collector.stop() }
        let secret = ["OTEL_EXPORTER_OTLP_HEADERS": "authorization=Basic%20s3cr3t,x-tenant=7"]
        let ended = try await load(to: collector, secret)
        #expect(ended.status == 1 && ended.errorText.isEmpty, "\(ended.errorText)")
        #expect(Self.paths(collector) == ["/v1/metrics", "/v1/traces"])
        let heads = collector.requests.map { $0.lowercased() }
        #expect(heads.allSatisfy { $0.contains("\r\nauthorization: basic s3cr3t\r\n") && $0.contains("x-tenant: 7") })
        #expect(heads.allSatisfy { $0.contains("content-type: application/json\r\n") && !$0.contains("traceparent") })
        #expect(collector.requests.allSatisfy { !$0.contains("Gold") && !$0.contains("Silver") })

        let spans = try Self.spans(collector)
        #expect(spans.map { $0["name"] as? String } == ["reading", "sending", "reporting", "groupload import"])
        let root = try #require(spans.last)
        let summary = try await Report(scratch.file("run")).summary
        #expect(root["parentSpanId"] == nil && root["kind"] as? Int == 1)
        #expect(Set(spans.map { $0["traceId"] as? String }) == [summary["trace_id"] as? String])
        #expect(spans.dropLast().allSatisfy { $0["parentSpanId"] as? String == root["spanId"] as? String })
        #expect(spans.allSatisfy { ($0["spanId"] as? String)?.wholeMatch(of: /[0-9a-f]{16}/) != nil })
        for span in spans {
            let times = ["startTimeUnixNano", "endTimeUnixNano"].map { Int64(span[$0] as? String ?? "") ?? 0 }
            #expect(times[0] > 1_700_000_000_000_000_000 && times[0] <= times[1])
        }
        #expect((root["status"] as? [String: Any])?["code"] as? Int == 2)
        let said = Self.attributes(root["attributes"])
        #expect(said["process.exit.code"] == "1" && said["groupload.run.id"] == summary["run"] as? String)
        #expect(said["groupload.records.created"] == "2" && said["groupload.records.invalid"] == "1")
        let resource = Self.attributes(
            Self.first(try Self.bodies(collector, "/v1/traces").first, "resourceSpans.resource.attributes"))
        #expect(resource["service.name"] == "groupload" && resource["service.instance.id"] == summary["run"] as? String)
    }

    @Test("the metrics are the figures of --metrics-file") func metrics() async throws {
        let (collector, sandbox) = (try ScriptedServer([Self.taken]), try await SandboxProcess.start())
        defer { collector.stop() }
        let file = scratch.file("night.prom")
        let variables = ["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": collector.target + "/own/path"]
        _ = try await load(sandbox.url, variables, ["--metrics-file", file]).run()
        #expect(Self.paths(collector) == ["/own/path"])
        let body = try #require(try Self.bodies(collector, "/own/path").first)
        let metrics = try #require(Self.first(body, "resourceMetrics.scopeMetrics.metrics") as? [[String: Any]])
        var told: [String: Double] = [:]
        for metric in metrics {
            let points = (metric["gauge"] as? [String: Any])?["dataPoints"] as? [[String: Any]] ?? []
            for point in points {
                let labels = Self.attributes(point["attributes"]).map { ",\($0)=\"\($1)\"" }.joined()
                told["\(metric["name"] ?? ""){load=\"night\"\(labels)}"] = point["asDouble"] as? Double
            }
        }
        var written: [String: Double] = [:]
        for line in try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n") where !line.hasPrefix("#")
        {
            let words = line.split(separator: " ")
            written[String(words[0])] = Double(words[1])
        }
        let updated = #"groupload_run_updated_timestamp_seconds{load="night"}"#
        (told[updated], written[updated]) = (nil, nil)
        #expect(!told.isEmpty && told == written)
        #expect(try await Report(scratch.file("run")).summary["trace_id"] == nil)
    }

    @Test("a create that failed is an event, without its name") func events() async throws {
        let collector = try ScriptedServer([Self.taken])
        defer { collector.stop() }
        let refusal = #"{"errors":[{"code":4711,"message":"the name Silver isn't liked"}]}"#
        let target = try APIServer { request in
            request.method == "POST" && request.created == 1
                ? APIServer.Response(status: 400, body: refusal) : nil
        }
        let list = try scratch.write("name\nGold\nSilver\n", as: "list.csv")
        let command = Command.groupload(
            [
                "import", list, "--target", target.target, "--run-dir", scratch.file("run"), "--quiet",
                "--concurrency", "1",
            ],
            environment: Command.sandboxCredentials.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.target]) { $1 })
        let ended = try await command.run()
        #expect(ended.status == 1, "\(ended.errorText)")
        let sending = try #require(try Self.spans(collector).first { $0["name"] as? String == "sending" })
        let events = try #require(sending["events"] as? [[String: Any]])
        #expect(events.count == 1 && events.first?["name"] as? String == "create failed")
        let said = Self.attributes(events.first?["attributes"])
        #expect(said["groupload.record"] == "2" && said["groupload.outcome"] == "failed")
        #expect(said["http.response.status_code"] == "400" && said["groupload.code"] == "4711")
        #expect(collector.requests.allSatisfy { !$0.contains("Silver") })
    }

    @Test("a trace that goes on has the parent's span as parent, and its sampling") func parent() async throws {
        let collector = try ScriptedServer([Self.taken])
        defer { collector.stop() }
        let parent = "00-\(Self.trace)-b7ad6b7169203331"
        _ = try await load(to: collector, ["TRACEPARENT": parent + "-01", "TRACESTATE": "vendor=1"])
        let root = try #require(try Self.spans(collector).last)
        #expect(root["traceId"] as? String == Self.trace && root["parentSpanId"] as? String == "b7ad6b7169203331")
        #expect(root["flags"] as? Int == 0x301 && root["traceState"] as? String == "vendor=1")
        let unsampled = try ScriptedServer([Self.taken])
        defer { unsampled.stop() }
        try FileManager.default.removeItem(atPath: scratch.file("run"))
        _ = try await load(to: unsampled, ["TRACEPARENT": parent + "-00"])
        #expect(Self.paths(unsampled) == ["/v1/metrics"])
    }

    @Test(
        "a collector in trouble is noted, and changes nothing",
        arguments: [
            ScriptedServer.Step.close, .silence, .send(rawResponse(500, "no")), .send("rubbish\r\n\r\n"),
            .send("HTTP/1.1 200 OK\r\nContent-Length: 4711\r\n\r\n{"), .send(rawResponse(404, "no")),
            .send(rawResponse(503, "", headers: ["Retry-After: 3600"])), .send(rawResponse(503, "")),
        ])
    func trouble(step: ScriptedServer.Step) async throws {
        let collector = try ScriptedServer([step])
        defer { collector.stop() }
        let began = ContinuousClock.now
        let ended = try await load(
            to: collector,
            ["OTEL_EXPORTER_OTLP_TIMEOUT": "700", "OTEL_EXPORTER_OTLP_HEADERS": "authorization=s3cr3t"])
        #expect(ended.status == 1)
        let lines = ended.errorText.split(separator: "\n")
        #expect(lines.count == 2, "\(ended.errorText)")
        for what in ["spans", "metrics"] {
            let start = "groupload: the export of \(what) to \(collector.target)/… failed: "
            #expect(lines.contains { $0.hasPrefix(start) }, "\(ended.errorText)")
        }
        #expect(!ended.errorText.contains("s3cr3t"))
        #expect(began.duration(to: .now) < .seconds(60))
        #expect(try await Report(scratch.file("run")).summary["exit"] as? Int == 1)
    }

    @Test("a response a byte at a time has no more time than another") func drip() async throws {
        // A byte and a further one each time, on and on, would never be whole.
        let pieces = Array(repeating: " ", count: 200_000)
        let collector = try ScriptedServer([.pieces(["HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n"] + pieces)])
        defer { collector.stop() }
        let ended = try await load(to: collector, ["OTEL_EXPORTER_OTLP_TIMEOUT": "500"])
        #expect(ended.status == 1 && ended.errorText.contains("the export of spans"), "\(ended.errorText)")
    }

    @Test("no collector at all is noted at once") func dead() async throws {
        let collector = try ScriptedServer([.close])
        collector.stop()
        let ended = try await load(to: collector)
        #expect(ended.status == 1 && ended.errorText.split(separator: "\n").count == 2, "\(ended.errorText)")
    }

    @Test("what the collector puts off is sent again, and what it rejects is noted") func again() async throws {
        let rejection = #"{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too\u001b[1m old"}}"#
        let collector = try ScriptedServer { number, request in
            if number <= 2 { return .send(rawResponse(503, "", headers: ["Retry-After: 0"])) }
            return .send(rawResponse(200, request.contains("/v1/metrics") ? rejection : "{}"))
        }
        defer { collector.stop() }
        let ended = try await load(to: collector)
        #expect(collector.requests.count == 4)
        let start = "groupload: the export of metrics to \(collector.target)/… failed: it rejected 3 of them: too"
        #expect(ended.errorText.hasPrefix(start) && !ended.errorText.contains("\u{1B}"), "\(ended.errorText)")
        #expect(ended.errorText.split(separator: "\n").count == 1)
    }

    @Test(
        "what isn't supported is named, with what to write",
        arguments: [
            (
                ["OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"],
                "OTEL_EXPORTER_OTLP_PROTOCOL=grpc isn't supported; set it to http/json"
            ),
            (["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf", "OTEL_METRICS_EXPORTER": "none"], "http/json"),
            (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://u:s3cr3t@h"], "OTEL_EXPORTER_OTLP_ENDPOINT: it isn't an address"),
            (["OTEL_EXPORTER_OTLP_HEADERS": "s3cr3t"], "OTEL_EXPORTER_OTLP_HEADERS isn't NAME=VALUE"),
            (
                ["OTEL_TRACES_EXPORTER": "zipkin", "OTEL_METRICS_EXPORTER": "none"],
                "OTEL_TRACES_EXPORTER=zipkin isn't supported"
            ),
        ])
    func unsupported(environment: [String: String], note: String) async throws {
        let collector = try ScriptedServer([Self.taken])
        defer { collector.stop() }
        let ended = try await load(to: collector, environment)
        #expect(ended.status == 1 && ended.errorText.contains(note), "\(ended.errorText)")
        #expect(ended.errorText.split(separator: "\n").count == 1 && !ended.errorText.contains("s3cr3t"))
        #expect(collector.requests.isEmpty)
        #expect(try await Report(scratch.file("run")).summary["trace_id"] == nil)
    }

    @Test(
        "what is turned off is",
        arguments: [
            (["OTEL_SDK_DISABLED": "true"], []), (["OTEL_TRACES_EXPORTER": "none"], ["/v1/metrics"]),
            (["OTEL_METRICS_EXPORTER": "none"], ["/v1/traces"]), (["OTEL_EXPORTER_OTLP_ENDPOINT": ""], []),
        ] as [([String: String], [String])])
    func off(environment: [String: String], paths: [String]) async throws {
        let collector = try ScriptedServer([Self.taken])
        defer { collector.stop() }
        let ended = try await load(to: collector, environment)
        #expect(ended.status == 1 && ended.errorText.isEmpty, "\(ended.errorText)")
        #expect(Self.paths(collector) == paths)
    }

    @Test("a signal ends an export that takes long, with the load's status") func signal() async throws {
        let (collector, sandbox) = (try ScriptedServer([.silence]), try await SandboxProcess.start())
        defer { collector.stop() }
        let command = try load(
            sandbox.url,
            ["OTEL_EXPORTER_OTLP_ENDPOINT": collector.target, "OTEL_EXPORTER_OTLP_TIMEOUT": "600000"])
        let ended = try await command.run(secondsMax: 60) { process in
            try await Command.wait(for: process) { collector.requests.count == 2 }
            kill(process, SIGTERM)
        }
        #expect(ended.status == 1, "\(ended.errorText)")
    }

    @Test("commands that send nothing tell nothing; a plan has a span of its own") func commands() async throws {
        let (collector, sandbox) = (try ScriptedServer([Self.taken]), try await SandboxProcess.start())
        defer { collector.stop() }
        let list = try scratch.write("name\nGold\n", as: "list.csv")
        let variables = Command.sandboxCredentials.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": collector.target]) { $1 }
        for arguments in [["--version"], ["validate", list], ["runs"]] {
            _ = try await Command.groupload(arguments, environment: variables).run()
        }
        #expect(collector.requests.isEmpty)
        let planned = try await Command.groupload(["plan", list, "--target", sandbox.url], environment: variables).run()
        #expect(planned.status == 0, "\(planned.errorText)")
        #expect(try Self.spans(collector).map { $0["name"] as? String } == ["groupload plan"])
        #expect(Self.paths(collector) == ["/v1/traces"])
    }
}
