/// Whether a value of any type holds anything.
struct Content: Decodable {
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

/// `code` and `message` at any place; the code as a number or a numeric string.
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

/// `status` of a response.
struct StatusBody: Decodable {
    var success: Bool?
    var error: ErrorBody

    private enum Keys: String, CodingKey { case success }

    init(from decoder: any Decoder) throws {
        success = try decoder.container(keyedBy: Keys.self).flag(.success)
        error = try ErrorBody(from: decoder)
    }
}

/// `pagingDto` of a list.
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

/// `data` of a token call's response.
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
