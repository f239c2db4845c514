internal import HTTPTypes

extension RewardsClient {
    /// Sends a call with credentials; on a 401 with a token, renews the token and sends once more.
    func exchange(_ call: APICall) async -> APIExchange {
        switch authorizer {
        case .basic(let value):
            return await send(call, authorization: Authorizer.header(basic: value), costs: 0)
        case .oauth(let source):
            var (outcome, requests) = await source.token()
            for attempt in 0...1 {
                switch outcome {
                case .refused(var refusal):
                    refusal.info.requests = requests
                    return .refused(refusal)
                case .unsent(var failure):
                    failure.requests = requests
                    return .failed(failure, ReplyInfo(http: 0, latency: .zero, requests: requests))
                case .token(let token):
                    let exchange = await send(
                        call, authorization: Authorizer.header(token: token.value), costs: requests)
                    guard case .response(let response, let info) = exchange else { return exchange }
                    token.markServed()
                    guard attempt == 0, response.status == 401 else { return exchange }
                    let renewed = await source.token(rejected: token.generation)
                    (outcome, requests) = (renewed.outcome, info.requests + renewed.requests)
                }
            }
            preconditionFailure("the second attempt always returns")
        }
    }

    /// Sends one request. `costs`: the requests that the call has cost so far.
    private func send(_ call: APICall, authorization: Authorizer.Header, costs: Int) async -> APIExchange {
        var headers = headers(authorization: authorization, hasBody: call.body != nil)
        if let trace = configuration.trace { headers.append(trace.header(span: call.span ?? trace.newSpans())) }
        let request = TransportRequest(
            method: call.method, url: configuration.target + configuration.apiPrefix + call.path,
            headers: headers, body: call.body, timeout: configuration.requestTimeout, name: call.name, check: call.check
        )
        let start = environment.now()
        func info(_ response: TransportResponse?) -> ReplyInfo {
            let latency = start.duration(to: environment.now())
            return response.map { ReplyInfo($0, latency: latency, requests: costs + 1) }
                ?? ReplyInfo(http: 0, latency: latency, requests: costs + 1)
        }
        do throws(TransportFailure) {
            let response = try await transport.send(request)
            return .response(response, info(response))
        } catch {
            var failure = error
            failure.requests = costs
            return .failed(failure, info(nil))
        }
    }

    private func headers(authorization: Authorizer.Header, hasBody: Bool) -> HTTPFields {
        var headers = configuration.headers
        headers.append(HTTPField(name: authorization.name, value: authorization.value.reveal()))
        headers.append(HTTPField(name: .userAgent, value: configuration.userAgent))
        headers.append(HTTPField(name: .accept, value: "application/json"))
        headers.append(HTTPField(name: .acceptEncoding, value: "identity"))
        if hasBody { headers.append(HTTPField(name: .contentType, value: "application/json")) }
        if let state = configuration.trace?.state { headers.append(HTTPField(name: .traceState, value: state)) }
        return headers
    }

    /// The head of every create, without its `traceparent` and the length of its body.
    func createHead(authorization: Authorizer.Header) -> RequestHead {
        RequestHead(
            method: .post, path: configuration.apiPrefix + "/group/create", host: configuration.place,
            headers: headers(authorization: authorization, hasBody: true))
    }
}
