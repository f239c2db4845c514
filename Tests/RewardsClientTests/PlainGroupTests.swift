import Foundation
import RewardsClient
import TestSupport
import Testing

/// The reader of plain groups, beside Foundation's JSON parser.
@Suite struct PlainGroupTests {
    private static let usual = """
        {"id": 4711, "orgId": 100737, "name": "GROUP", "rank": 99, "isActive": true, "createdBy": 75006, \
        "createdOn": 1742180327000, "createdOnDateTime": "2025-03-17T02:58:47Z", "lastUpdatedBy": null, \
        "lastUpdatedOn": 1742180328000}
        """

    private static func plain(_ bytes: [UInt8], named name: String = "GROUP") -> [Int64?]? {
        let group = PlainGroup.read(bytes.span, named: name)
        // By the shape of another response, and by its own.
        var shape = GroupShape()
        #expect(shape.read(usual.utf8.span, named: "GROUP") != nil)
        for _ in 1...2 { #expect(shape.read(bytes.span, named: name) == group) }
        return group.map(members)
    }

    private static func members(_ group: RewardGroup) -> [Int64?] {
        [
            group.id, group.createdBy, group.createdOn, group.lastUpdatedOn, group.rank,
            group.isActive.map { $0 ? 1 : 0 },
        ]
    }

    /// The same members by Foundation; nil where the body is no group's: no object, no whole `id`, or a sign of
    /// failure.
    private static func parsed(_ bytes: [UInt8], named name: String = "GROUP") -> [Int64?]? {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            ["status", "data", "errors", "error", "success", "code", "group", "groupRo", "groupRoList"].allSatisfy({
                object[$0] == nil
            }), object["name"] as? String == name, let id = object["id"] as? Int64, id > 0
        else { return nil }
        let numbers = ["createdBy", "createdOn", "lastUpdatedOn", "rank"].map { object[$0] as? Int64 }
        return [id] + numbers + [(object["isActive"] as? Bool).map { $0 ? 1 : 0 }]
    }

    @Test(
        "read",
        arguments: [
            (usual, "GROUP"), (#"{"id":7,"name":"a"}"#, "a"),
            (" {\r\n\t\"id\" : 7 , \"name\":\"é\u{1F600}\"}\n", "é\u{1F600}"),
            (#"{"createdOn":0,"name":"","id":123456789012345678}"#, ""),
            (#"{"id":7,"ID":8,"createdby":1,"other":"{}[],:","name":"a","rank":null,"createdBy":null}"#, "a"),
            (#"{"id":7,"name":"a","rank":-2147483648,"isActive":false,"lastUpdatedOn":5}"#, "a"),
            (#"{"id":7,"name":"a","createdOn":1,"createdOnDateTime":20250317,"lastUpdatedOn":5}"#, "a"),
        ])
    func read(text: String, name: String) throws {
        let plain = try #require(Self.plain(Array(text.utf8), named: name))
        #expect(plain == Self.parsed(Array(text.utf8), named: name))
    }

    @Test(
        "left to the full reader",
        arguments: [
            "", #"{"id":7,"name":"GROUP","createdOnDateTime":"2025-03-17T02:58:47Z"}"#, "{}", "[]", "7", #"{"id":"7"}"#,
            #"{"id":7.0}"#, #"{"id":7e1}"#, #"{"id":07}"#, #"{"id":null}"#,
            #"{"id":1234567890123456789}"#, #"{"id":7,"id":8}"#, #"{"i\u0064":7}"#, #"{"id":7,"note":"\n"}"#,
            #"{"id":7,}"#, #"{"id":7}x"#, #"{"id":7"#, #"{"data":{"id":7}}"#, #"{"id":7,"status":{"success":false}}"#,
            #"{"id":7,"errors":[]}"#, #"{"id":7,"success":false}"#, #"{"id":7,"a":{}}"#, #"{"id":7,"createdBy":"1"}"#,
            #"{"id":7,"a":tru}"#, "{\"id\":7,\"a\":\"\u{1}\"}", #"{"id":7 "a":1}"#, #"{"id":0}"#, #"{"id":-7}"#,
            #"{"id":7,"code":12012}"#, #"{"id":7,"error":null}"#, #"{"id":7,"groupRo":null}"#, #"{"id":7,"rank":"1"}"#,
            #"{"id":7,"isActive":null}"#, #"{"id":7,"groupRoList":null}"#, #"{"id":7,"isActive":1}"#,
        ])
    func left(text: String) {
        // The name is what it should be, so that it is not the reason.
        #expect(Self.plain(Array(text.replacing("{", with: #"{"name":"GROUP","#, maxReplacements: 1).utf8)) == nil)
    }

    @Test(
        "a name that isn't the sent one's bytes is left",
        arguments: ["group", "GROUP ", "GROU", "", "\\u0047ROUP", "GROUPS"])
    func otherName(name: String) {
        #expect(Self.plain(Array(#"{"id":7,"name":"\#(name)"}"#.utf8)) == nil)
    }

    @Test("by the shape of the last response, whatever its values") func shape() {
        var shape = GroupShape()
        let bodies: [(String, String)] = [
            (Self.usual, "GROUP"), (Self.usual.replacing("4711", with: "9"), "GROUP"),
            (Self.usual.replacing("4711", with: "-9"), "GROUP"), (Self.usual.replacing("4711", with: "0"), "GROUP"),
            (Self.usual.replacing("4711", with: "04711"), "GROUP"), (Self.usual.replacing("4711", with: ""), "GROUP"),
            (Self.usual.replacing("4711", with: " 4711"), "GROUP"), (Self.usual.replacing("99", with: "null"), "GROUP"),
            (Self.usual.replacing("99", with: "9.5"), "GROUP"), (Self.usual.replacing("true", with: "false"), "GROUP"),
            (Self.usual.replacing("GROUP", with: "Grüße"), "Grüße"), (Self.usual.replacing("GROUP", with: ""), ""),
            (Self.usual.replacing("GROUP", with: #"a"b"#), #"a"b"#), (Self.usual, "OTHER"),
            (Self.usual.replacing("GROUP", with: #"a\"#), #"a\"#),
            (Self.usual.replacing("58:47Z\"", with: "58:48.123+00:00\""), "GROUP"), (Self.usual + " ", "GROUP"),
            (Self.usual.replacing("58:47Z\"", with: "\\u0035\""), "GROUP"), (String(Self.usual.dropLast()), "GROUP"),
            (Self.usual.replacing("\"orgId\": 100737", with: "\"status\": 1"), "GROUP"),
        ]
        for (body, name) in bodies + bodies.reversed() {
            #expect(shape.read(body.utf8.span, named: name) == PlainGroup.read(body.utf8.span, named: name))
        }
    }

    @Test("no name is left") func noName() { #expect(Self.plain(Array(#"{"id":7}"#.utf8)) == nil) }

    @Test("another normal form of the same name is left") func normalForm() {
        #expect(Self.plain(Array("{\"id\":7,\"name\":\"e\u{301}\"}".utf8), named: "\u{E9}") == nil)
    }

    @Test("bytes that are not UTF-8 are left") func notUTF8() {
        #expect(Self.plain(Array(#"{"id":7,"name":"GROUP","a":""#.utf8) + [0xFF] + Array(#""}"#.utf8)) == nil)
    }

    @Test("of damaged bodies, what is read is what Foundation reads", arguments: [UInt64(1), 2])
    func damaged(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        var read = 0
        var shape = GroupShape()
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
            // By the shape of the last one that was read.
            #expect(shape.read(bytes.span, named: "GROUP").map(Self.members) == plain)
            #expect(plain == Self.parsed(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
        }
        #expect(read > 1000, "damage within a text is common")
    }
}
