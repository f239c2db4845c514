import Foundation

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
