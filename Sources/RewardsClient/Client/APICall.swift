internal import HTTPTypes

/// A call of the groups API, without the header that proves who calls.
struct APICall {
    var method: HTTPRequest.Method
    var path: String
    var body: [UInt8]?
    /// The group's name in the body, where the body has one.
    var name: String?
    /// The id of its span, where that is known already.
    var span: Int64?
    /// Whether a response can belong to this call.
    var check: @Sendable (TransportResponse) -> Bool
}

/// The end of an ``APICall``, before its response is read.
enum APIExchange {
    case response(TransportResponse, ReplyInfo)
    /// The token call was refused.
    case refused(Refusal)
    case failed(TransportFailure, ReplyInfo)

    /// The reply; `read` makes it from a response.
    func reply<Value>(_ read: (TransportResponse, ReplyInfo) -> Reply<Value>) -> Reply<Value> {
        switch self {
        case .response(let response, let info): read(response, info)
        case .refused(let refusal): .refused(refusal)
        case .failed(let failure, _) where failure.delivery == .nothingSent: .unsent(failure)
        case .failed(let failure, let info): .lost(Loss(http: nil, reason: failure.message, info: info))
        }
    }
}
