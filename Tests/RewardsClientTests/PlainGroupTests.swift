import Foundation
import RewardsClient
import TestSupport
import Testing

/// The reader of plain groups, beside Foundation's JSON parser.
@Suite struct PlainGroupTests {
    private static let usual = """
        {"id": 4711, "orgId": 100737, "name": "GROUP", "rank": 99, "isActive": true, "createdBy": 75006, \
        "createdOn": 1742180327000, "createdOnDateTime": "2025-03-17T02:58:47Z", "lastUpdatedBy": null}
        """

    private static func plain(_ bytes: [UInt8]) -> [Int64?]? {
        bytes.withUnsafeBytes { PlainGroup.read($0) }.map { [$0.id, $0.createdBy, $0.createdOn] }
    }

    /// The same members by Foundation; nil where the body is no group's: no object, no whole `id`, or a sign of failure.
    private static func parsed(_ bytes: [UInt8]) -> [Int64?]? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            object["status"] == nil, object["data"] == nil, object["errors"] == nil, object["success"] == nil,
            let id = object["id"] as? Int64
        else { return nil }
        return [id, object["createdBy"] as? Int64, object["createdOn"] as? Int64]
    }

    @Test(
        "read",
        arguments: [
            usual, #"{"id":7}"#, " {\r\n\t\"id\" : -7 , \"name\":\"é\u{1F600}\"}\n",
            #"{"createdOn":0,"id":123456789012345678}"#,
            #"{"id":7,"ID":8,"createdby":1,"other":"{}[],:"}"#,
        ])
    func read(text: String) throws {
        let plain = try #require(Self.plain(Array(text.utf8)))
        #expect(plain == Self.parsed(Array(text.utf8)))
    }

    @Test(
        "left to the full reader",
        arguments: [
            "", "{}", "[]", "7", #"{"id":"7"}"#, #"{"id":7.0}"#, #"{"id":7e1}"#, #"{"id":07}"#, #"{"id":null}"#,
            #"{"id":1234567890123456789}"#, #"{"id":7,"id":8}"#, #"{"i\u0064":7}"#, #"{"id":7,"name":"\n"}"#,
            #"{"id":7,}"#, #"{"id":7}x"#, #"{"id":7"#, #"{"data":{"id":7}}"#, #"{"id":7,"status":{"success":false}}"#,
            #"{"id":7,"errors":[]}"#, #"{"id":7,"success":false}"#, #"{"id":7,"a":{}}"#, #"{"id":7,"createdBy":"1"}"#,
            #"{"id":7,"a":tru}"#, "{\"id\":7,\"a\":\"\u{1}\"}", #"{"id":7 "a":1}"#,
        ])
    func left(text: String) { #expect(Self.plain(Array(text.utf8)) == nil) }

    @Test("bytes that are not UTF-8 are left") func notUTF8() {
        #expect(Self.plain(Array(#"{"id":7,"a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)) == nil)
    }

    @Test("of damaged bodies, what is read is what Foundation reads", arguments: [UInt64(1), 2])
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var read = 0
        for _ in 0..<20_000 {
            var bytes = Array(Self.usual.utf8)
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes.remove(at: place)
                case 1: bytes[place] = .random(in: 0...255, using: &generator)
                default: bytes.insert(Array(#"{}[]",:0 \e-.n"#.utf8).randomElement(using: &generator) ?? 0, at: place)
                }
            }
            guard let plain = Self.plain(bytes) else { continue }
            read += 1
            #expect(plain == Self.parsed(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(read > 1000, "damage within a text is common")
    }
}
