import Foundation
import Hummingbird
import NIOCore

/// Decodes a request's body of at most ``bytesMax`` bytes.
enum RequestBodyReader {
    static let bytesMax = 65_536

    /// - Throws: ``Refusal``: 413 for a longer body, 400 for one that isn't the JSON expected; names the member, not
    ///   its value.
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

/// The body of the OAuth call.
struct TokenBody: Decodable, Sendable {
    let key: String
    let secret: String
}
