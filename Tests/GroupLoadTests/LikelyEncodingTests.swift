import Foundation
import GroupLoad
import RecordFormats
import Testing

/// The guess of a list's encoding by its bytes.
@Suite struct LikelyEncodingTests {
    @Test(
        arguments: [
            ("Caf\u{E9}", .windows1252), ("\u{C9}lite \u{93}A\u{94}", .windows1252),
            ("Gold\u{A0}Club \u{80}", .windows1252), ("Gold", nil), ("", nil), ("\u{81}", nil),
            // What windows-1252 has no character for.
            ("Caf\u{E9} \u{8D}", .windows1250),
            // UTF-8 beside it, and alone.
            ("Caf\u{E9} \u{C3}\u{A9}", nil), ("Caf\u{C3}\u{A9}", nil),
            // A sign of this program's messages.
            ("Caf\u{E9} \u{E2}\u{80}\u{A6}", .windows1252),
        ] as [(String, TextEncoding?)])
    func bytes(text: String, encoding: TextEncoding?) {
        #expect(LikelyEncoding.of(text.unicodeScalars.map { UInt8($0.value) }).first == encoding, "\(text)")
    }

    @Test(
        "lists in the languages of each encoding",
        arguments: [
            (.windows1252, "Café, Größe, Crème brûlée, Fidélité, Österreich, L’Été, Noël, Señorita, Ação, Smørrebrød"),
            (.windows1252, "Müller & Söhne, Straße, Größte, Grüße"), (.windows1252, "Fjällräven, Ångström, Malmö"),
            (.windows1250, "Złoty, Gość, Łódź, Żółw, Kraków"), (.windows1250, "Dvořák, Kroměříž, Čtyři, Žižkov"),
            (.windows1250, "Račun, Češnja, Škofja Loka"), (.latin2, "Złoty, Gość, Łódź, Żółw, Kraków"),
            (.windows1251, "Золото, Серебро, Клуб «Друзья», Москва"), (.windows1251, "ЗОЛОТО, СЕРЕБРО, БРОНЗА"),
            (.windows1251, "Київ, Золота картка, Їжак"), (.koi8r, "Золото, Серебро, Клуб Друзья, Москва"),
            (.koi8r, "ЗОЛОТО, СЕРЕБРО, БРОНЗА"), (.windows1253, "Χρυσός, Αθήνα, Φίλοι του κλαμπ"),
        ] as [(TextEncoding, String)])
    func languages(encoding: TextEncoding, text: String) throws {
        let bytes = try Self.bytes(of: text, in: encoding)
        let found = LikelyEncoding.of(bytes)
        #expect(found.first == encoding, "\(found)")
        #expect(found.first?.text(of: bytes) == text)
    }

    @Test(
        "what is text in none of the encodings is said to be in none",
        arguments: [
            // MacRoman: Café Élite, Naïve “Gold”.
            "Caf\u{8E} \u{83}lite,1\nNa\u{95}ve \u{D2}Gold\u{D3},2\n",
            // Shift-JIS: ゴールド会員, シルバー.
            "\u{83}S\u{81}[\u{83}\u{8B}\u{83}h\u{89}\u{EF}\u{88}\u{F5},1\n\u{83}V\u{83}\u{8B}\u{83}o\u{81}[,2\n",
        ])
    func none(text: String) {
        let found = LikelyEncoding.of(text.unicodeScalars.map { UInt8($0.value) })
        #expect(found.isEmpty, "\(found)")
    }

    @Test("where several read as well, they are told, each with its reading once") func several() throws {
        let found = LikelyEncoding.of(try Self.bytes(of: "Plzeň", in: .windows1250))
        #expect(found.contains(.windows1250) && found.count > 1 && !found.contains(.windows1251), "\(found)")
        #expect(LikelyEncoding.of(try Self.bytes(of: "Café", in: .windows1252)) == [.windows1252])
    }

    @Test("a list that was noted before its other faults were counted can be read") func olderSummary() throws {
        let older = #"{"path":"a.csv","encoding":"windows-1252","records":2,"read":5}"#
        let list = try JSONDecoder().decode(Misread.self, from: Data(older.utf8))
        #expect(list.faulty == nil && list.records == 2 && list.readings == nil)
    }

    /// A text in an encoding, found byte by byte.
    private static func bytes(of text: String, in encoding: TextEncoding) throws -> [UInt8] {
        let table = Dictionary(
            (UInt8(0)...255).compactMap { byte in
                encoding.text(of: [byte]).flatMap { $0.unicodeScalars.first }.map { ($0, byte) }
            }, uniquingKeysWith: { first, _ in first })
        return try text.unicodeScalars.map { try #require(table[$0]) }
    }
}
