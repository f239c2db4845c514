internal import FoundationEssentials

/// The members that a response of the API can have, each read on its own: a member of an unexpected type reads as
/// absent, since most of the shapes are undocumented.
struct ResponseBody: Decodable {
    /// `status.success`, or `success` at the top.
    var success: Bool?
    var status: ErrorBody?
    var top: ErrorBody
    var firstError: ErrorBody?
    /// Whether `errors` or `error` holds anything: an empty list, an empty object and null are no sign of failure.
    var hasErrors: Bool
    /// The group at the top, or under `groupRo`, `group` or `data`.
    var group: RewardGroup?
    var groups: GroupList = .absent
    var paging: PagingBody?
    var token: TokenBody?

    /// The value of `groupRoList`.
    enum GroupList { case absent, unreadable, groups([RewardGroup]) }

    private enum Keys: String, CodingKey {
        case status, success, errors, error, groupRoList, pagingDto, data, groupRo, group
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        let statusBody = members.lenient(StatusBody.self, .status)
        success = statusBody?.success ?? members.flag(.success)
        status = statusBody?.error
        top = try ErrorBody(from: decoder)
        firstError =
            members.lenient([ErrorBody].self, .errors)?.first ?? members.lenient(ErrorBody.self, .errors)
            ?? members.lenient(ErrorBody.self, .error)
        if firstError == nil, let text = members.lenient(String.self, .error) { firstError = ErrorBody(message: text) }
        hasErrors = [Keys.errors, .error].contains { members.lenient(Content.self, $0)?.isEmpty == false }
        group = try GroupBody(from: decoder).group
        for key in [Keys.groupRo, .group, .data] where group == nil {
            group = members.lenient(GroupBody.self, key)?.group
        }
        paging = members.lenient(PagingBody.self, .pagingDto)
        token = members.lenient(TokenBody.self, .data)
        if members.contains(.groupRoList) {
            groups = .unreadable
            if members.isNull(.groupRoList) { groups = .groups([]) }
            if let bodies = members.lenient([GroupBody].self, .groupRoList) {
                let read = bodies.compactMap(\.group)
                if read.count == bodies.count { groups = .groups(read) }
            }
        }
    }

    /// The body, or nil where it isn't a JSON object.
    static func read(_ bytes: [UInt8]) -> ResponseBody? {
        do { return try JSONDecoder().decode(ResponseBody.self, from: Data(bytes)) } catch { return nil }
    }

    /// The code where any of the three places holds one and `success` isn't true.
    var errorCode: Int? {
        if success == true { return nil }
        return status?.code ?? top.code ?? firstError?.code
    }

    /// The error's message, from the same places.
    var errorMessage: String? { status?.message ?? top.message ?? firstError?.message }

    /// Whether the body reports a failure. A code alone does so where it is 12012 or an HTTP status of failure: success
    /// has codes too (12011, 12013).
    var reportsFailure: Bool {
        if success == false || hasErrors { return true }
        return errorCode.map { $0 == RetryVerdict.nameTakenCode || (400...599).contains($0) } ?? false
    }
}
