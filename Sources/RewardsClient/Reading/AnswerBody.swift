internal import FoundationEssentials

/// The members that any response of the API may have, each read for itself: a member of an unexpected type reads as
/// absent, since most of the shapes are undocumented.
struct AnswerBody: Decodable {
    /// `status.success`, or `success` at the top.
    var success: Bool?
    var status: ErrorBody?
    var top: ErrorBody
    var firstError: ErrorBody?
    /// Whether `errors` or `error` holds anything: an empty list, an empty object and null are no word of failure.
    var hasErrors: Bool
    /// The group that stands bare, or under `groupRo`, `group` or `data`.
    var group: RewardGroup?
    var groups: GroupList = .absent
    var paging: PagingBody?
    var token: TokenBody?

    /// What stands under `groupRoList`.
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
    static func read(_ bytes: [UInt8]) -> AnswerBody? {
        do { return try JSONDecoder().decode(AnswerBody.self, from: Data(bytes)) } catch { return nil }
    }

    /// The code where any of the three places holds one and `success` isn't true.
    var errorCode: Int? {
        if success == true { return nil }
        return status?.code ?? top.code ?? firstError?.code
    }

    /// The error's words, from the same places.
    var errorMessage: String? { status?.message ?? top.message ?? firstError?.message }

    /// Whether the body says that the call failed. A code alone says so where it is 12012 or an HTTP status of failure:
    /// success has codes too (12011, 12013).
    var saysFailure: Bool {
        if success == false || hasErrors { return true }
        return errorCode.map { $0 == RetryVerdict.nameTakenCode || (400...599).contains($0) } ?? false
    }
}

/// Whether a value of any type holds anything.
private struct Content: Decodable {
    var isEmpty: Bool

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
        do {
            isEmpty = try decoder.unkeyedContainer().isAtEnd
            return
        } catch {}
        do {
            isEmpty = try decoder.container(keyedBy: AnyKey.self).allKeys.isEmpty
            return
        } catch {}
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            isEmpty = true
            return
        }
        do {
            isEmpty = try value.decode(String.self).allSatisfy(\.isWhitespace)
        } catch {
            do { isEmpty = try !value.decode(Bool.self) } catch { isEmpty = false }
        }
    }
}

/// `code` and `message`, wherever they stand; the code as a number or a numeric string.
struct ErrorBody: Decodable {
    var code: Int?
    var message: String?

    private enum Keys: String, CodingKey { case code, message }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        code = members.integer(.code).flatMap { Int(exactly: $0) }
        message = members.lenient(String.self, .message)
    }

    init(message: String) { self.message = message }
}

struct StatusBody: Decodable {
    var success: Bool?
    var error: ErrorBody

    private enum Keys: String, CodingKey { case success }

    init(from decoder: any Decoder) throws {
        success = try decoder.container(keyedBy: Keys.self).flag(.success)
        error = try ErrorBody(from: decoder)
    }
}

struct PagingBody: Decodable {
    var last: Bool?
    var totalElements: Int64?
    var totalPages: Int?
    var number: Int?
    var size: Int?

    private enum Keys: String, CodingKey { case last, totalElements, totalPages, number, size }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        last = members.lenient(Bool.self, .last)
        totalElements = members.integer(.totalElements)
        totalPages = members.integer(.totalPages).flatMap { Int(exactly: $0) }
        number = members.integer(.number).flatMap { Int(exactly: $0) }
        size = members.integer(.size).flatMap { Int(exactly: $0) }
    }
}

struct TokenBody: Decodable {
    var accessToken: Secret?
    var ttlSeconds: Int64?

    private enum Keys: String, CodingKey { case accessToken, ttlSeconds }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        accessToken = members.lenient(String.self, .accessToken).map { Secret($0) }
        ttlSeconds = members.integer(.ttlSeconds)
    }
}

/// A group object; `group` is nil where it has no integer `id`.
struct GroupBody: Decodable {
    var group: RewardGroup?

    private enum Keys: String, CodingKey {
        case id, orgId, name, rank, isActive, createdBy, createdOn, createdOnDateTime
        case lastUpdatedBy, lastUpdatedOn, lastUpdatedOnDateTime
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Keys.self)
        guard let id = members.integer(.id) else { return }
        let createdOnText = members.lenient(String.self, .createdOnDateTime)
        group = RewardGroup(
            id: id, orgId: members.integer(.orgId), name: members.lenient(String.self, .name) ?? "",
            rank: members.integer(.rank), isActive: members.lenient(Bool.self, .isActive),
            createdBy: members.integer(.createdBy),
            createdOn: members.integer(.createdOn) ?? createdOnText.flatMap(Self.milliseconds),
            createdOnDateTime: createdOnText,
            lastUpdatedBy: members.integer(.lastUpdatedBy), lastUpdatedOn: members.integer(.lastUpdatedOn),
            lastUpdatedOnDateTime: members.lenient(String.self, .lastUpdatedOnDateTime))
    }

    /// An instant in RFC 3339's form, with or without a fraction of the second, in epoch milliseconds.
    private static func milliseconds(_ text: String) -> Int64? {
        let instant =
            (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
        return instant.map { Int64(($0.timeIntervalSince1970 * 1_000).rounded()) }
    }
}

extension KeyedDecodingContainer {
    /// The member, or nil where it is absent, null or of another type.
    fileprivate func lenient<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        guard contains(key) else { return nil }
        do { return try decodeIfPresent(type, forKey: key) } catch { return nil }
    }

    /// An integer, or a string of one, exactly.
    fileprivate func integer(_ key: Key) -> Int64? {
        lenient(Int64.self, key) ?? lenient(String.self, key).flatMap { Int64($0) }
    }

    /// A truth value, or a string of one.
    fileprivate func flag(_ key: Key) -> Bool? {
        lenient(Bool.self, key) ?? lenient(String.self, key).flatMap { Bool($0.lowercased()) }
    }

    fileprivate func isNull(_ key: Key) -> Bool {
        do { return try decodeNil(forKey: key) } catch { return false }
    }
}
