import Foundation
import Hummingbird
import NIOCore

/// The body of a create or an update, strict on types: `"5"` is no rank and `5` no name.
struct GroupBody: Decodable, Sendable {
    /// `nil` when absent or null.
    let name: String?
    /// `nil` when absent, `.some(nil)` when null.
    let rank: Int32??
    /// `nil` when absent or null.
    let isActive: Bool?

    private enum CodingKeys: String, CodingKey {
        case name, rank, isActive
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        do {
            rank = container.contains(.rank) ? .some(try container.decodeIfPresent(Int32.self, forKey: .rank)) : nil
        } catch DecodingError.typeMismatch(let type, let context) {
            throw DecodingError.typeMismatch(type, context)
        } catch {
            // Foundation throws an error of its own, without a place, for a number that doesn't fit: it would pass for
            // broken JSON.
            throw DecodingError.dataCorruptedError(forKey: .rank, in: container, debugDescription: "out of range")
        }
        isActive = try container.decodeIfPresent(Bool.self, forKey: .isActive)
    }

    /// The name, or the refusal of one that is absent, blank or can't be stored as text.
    func checkedName() throws(Refusal) -> String {
        guard let name else { throw Refusal(ofName: "Group name must not be null") }
        guard name.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
            throw Refusal(ofName: "Group name must not be blank")
        }
        // SQLite ends text at a NUL for its own functions; half a name would then be compared or shown.
        guard !name.utf8.contains(0) else {
            throw Refusal(ofName: "Group name must not contain the character U+0000")
        }
        return name
    }
}

/// The body of the OAuth call.
struct TokenBody: Decodable, Sendable {
    let key: String
    let secret: String
}

/// Decodes a request's body of at most ``bytesMax`` bytes.
enum RequestBodyReader {
    static let bytesMax = 65_536

    /// - Throws: ``Refusal``: 413 for a longer body, 400 for one that isn't the JSON expected; names the member, not its value.
    static func decode<Body: Decodable>(_ type: Body.Type, from request: Request) async throws -> Body {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > bytesMax {
            throw tooLarge
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: bytesMax)
        } catch is NIOTooManyBytesError {
            throw tooLarge
        }
        do {
            return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
        } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
            throw Refusal(.badRequest, "Request body: \(place(context)) has the wrong type")
        } catch DecodingError.keyNotFound(let key, _) {
            throw Refusal(.badRequest, "Request body: \(key.stringValue) is missing")
        } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
            throw Refusal(.badRequest, "Request body: \(place(context)) is out of range")
        } catch {
            throw Refusal(.badRequest, "Request body is not valid JSON")
        }
    }

    private static func place(_ context: DecodingError.Context) -> String {
        context.codingPath.last?.stringValue ?? "the whole"
    }

    private static var tooLarge: Refusal {
        Refusal(.contentTooLarge, "Request body is longer than \(bytesMax) bytes")
    }
}
