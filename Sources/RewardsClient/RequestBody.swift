internal import FoundationEssentials

/// The bodies that the client sends, as JSON.
enum RequestBody {
    /// A create's or update's body. `rank` nil leaves it out, `.some(nil)` writes null.
    struct Group: Encodable {
        var name: String
        var rank: Int64??
        var isActive: Bool?

        private enum Keys: String, CodingKey { case name, rank, isActive }

        func encode(to encoder: any Encoder) throws {
            var members = encoder.container(keyedBy: Keys.self)
            try members.encode(name, forKey: .name)
            switch rank {
            case .some(.some(let rank)): try members.encode(rank, forKey: .rank)
            case .some(.none): try members.encodeNil(forKey: .rank)
            case .none: break
            }
            try members.encodeIfPresent(isActive, forKey: .isActive)
        }
    }

    /// - Throws: `EncodingFailure` where JSON can't hold the value, which text and integers never cause.
    static func encode(_ value: some Encodable) throws(EncodingFailure) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        do { return [UInt8](try encoder.encode(value)) } catch { throw EncodingFailure() }
    }
}

/// A request's body can't be written as JSON; says nothing of the values, which may be secret.
struct EncodingFailure: Error {
    var asUnsent: TransportFailure {
        TransportFailure(delivery: .nothingSent, kind: .other, message: "the request can't be written as JSON")
    }
}
