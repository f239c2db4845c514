import Foundation
import GroupLoad
import RecordFormats
import TestSupport
import Testing

/// Names that are rather a program's slip, and names that look a little like it and are meant.
@Suite struct NameSuspicionTests {
    /// What an ingest tells of a name that two others follow.
    private func suspicion(_ name: String) async throws -> NameSuspicion? {
        let scratch = try Scratch()
        let line = try #require(String(bytes: try JSONEncoder().encode(["name": name]), encoding: .utf8))
        let path = try scratch.write(line + "\n{\"name\":\"Gold\"}\n{\"name\":\"Silver\"}\n", as: "list.ndjson")
        var generator = SystemRandomNumberGenerator()
        let ingest = Ingest(
            sources: try InputSource.resolve([path], format: .ndjson), options: DecodingOptions(mapping: .groups),
            validator: RecordValidator(), nameMatch: .exact, hash: KeyedHash(using: &generator),
            progress: RunProgress(), stop: StopSwitch(), note: { _ in })
        var sink = Sink()
        let result = try await ingest.run(into: &sink)
        #expect(result.suspicious == sink.found.count)
        return sink.found.first
    }

    private struct Sink: RecordSink {
        var found: [NameSuspicion] = []

        mutating func accept(_ batch: CheckedBatch) {
            for remark in batch.remarks {
                if case .suspicious(let suspicion) = remark.kind { found.append(suspicion) }
            }
        }
    }

    @Test(
        arguments: [
            ("1-Mar", .date), ("Mar-05", .date), ("01-Mar-24", .date), ("1-Mar-2024", .date), ("01. Mrz", .date),
            ("Mrz 05", .date), ("Mai-12", .date), ("3/1/2024", .date), ("03.01.2024", .date), ("2024-03-01", .date),
            ("2024-03-01 00:00:00", .date), ("2024-03-01T00:00", .date), ("févr-05", .date), ("1-août", .date),
            ("Mär-05", .date), ("5-dic", .date),
            ("1.23E+19", .roundedNumber), ("1,23E+19", .roundedNumber), ("1E+05", .roundedNumber),
            ("#N/A", .cellError), ("#REF!", .cellError), ("#NAME?", .cellError), ("#VALUE!", .cellError),
            ("#DIV/0!", .cellError), ("#NV", .cellError), ("#BEZUG!", .cellError), ("#¡REF!", .cellError),
            ("Err:502", .cellError), ("#####", .cellError), ("###", .cellError), ("#NUM!", .cellError),
            ("NULL", .noValue), ("null", .noValue), ("None", .noValue), ("nan", .noValue), ("NaN", .noValue),
            ("undefined", .noValue), ("\\N", .noValue), ("N/A", .noValue), ("n/a", .noValue), ("NA", .noValue),
            ("<NA>", .noValue), ("(null)", .noValue), ("[object Object]", .noValue), ("nil", .noValue),
            ("NaT", .noValue),
            ("<None>", .noValue), ("(blank)", .noValue), ("(Leer)", .noValue), ("(vide)", .noValue),
            ("(All)", .allValues), ("(Alle)", .allValues), ("(Multiple Items)", .allValues), ("(Tous)", .allValues),
            ("<br />", .markup), ("<br>", .markup), ("</body>", .markup), ("</HTML>", .markup),
            ("<!DOCTYPE html>", .markup), ("<!-- end -->", .markup), ("<?php", .markup),
            ("<b>Warning</b>:  fopen(): failed in <b>/var/www/x.php</b> on line <b>12</b><br />", .markup),
            ("<p class=\"x\">Größe</p>", .markup),
            ("-", .onlySigns), ("?", .onlySigns), ("...", .onlySigns), ("$", .onlySigns),
            ("Caf\u{FFFD}", .replacedCharacter), ("\u{FFFD}", .replacedCharacter),
            ("CafÃ©", .wronglyDecoded), ("Donâ€™t", .wronglyDecoded), ("GoldÂ Circle", .wronglyDecoded),
            ("Gold\u{C2}\u{A0}Circle", .wronglyDecoded), ("MÃ¼nchen", .wronglyDecoded), ("GroÃŸ", .wronglyDecoded),
            ("Ã–sterreich", .wronglyDecoded), ("Ã‰lite", .wronglyDecoded), ("Goldâ„¢", .wronglyDecoded),
            ("â‚¬ Club", .wronglyDecoded), ("WÄ…sy", .wronglyDecoded), ("Åukasz Å‚", .wronglyDecoded),
            ("Ð—Ð¾Ð»Ð¾Ñ‚Ð¾", .wronglyDecoded), ("Р—РѕР»РѕС‚Рѕ", .wronglyDecoded), ("ã‚´ãƒ¼ãƒ«ãƒ‰", .wronglyDecoded),
            ("ðŸ˜€ Fans", .wronglyDecoded), ("ï»¿Gold", .wronglyDecoded), ("Caf√©", .wronglyDecoded),
            ("voilÃ ", .wronglyDecoded), ("CafÃƒÂ©", .wronglyDecoded), ("25Â°C", .wronglyDecoded),
            ("“Gold”", .quoted), ("„Gold“", .quoted), ("«Or»", .quoted), ("\"Gold\"", .quoted), ("'Gold'", .quoted),
            ("‘Gold’", .quoted), ("“Gold", .quoted),
            ("=\"Gold\"", .guarded), ("=\"The Founders Circle of the North\"", .guarded), ("'X3", .guarded),
            ("'007", .guarded), ("'Gold Club", .guarded), ("'=Gold", .guarded), ("'-5 %", .guarded),
            ("'The Founders Circle of the Great North", .guarded), ("'Größe", .guarded), ("'1-Mar", .guarded),
            ("Grand Total", .subtotal), ("GRAND TOTAL", .subtotal), ("Subtotal", .subtotal), ("sub-total", .subtotal),
            ("Bed &amp; Bath", .reference), ("A &NotGreater; B", .reference), ("It&#39;s", .reference),
            ("A&#x27;s", .reference), ("&lt;b", .reference),
            ("The longest name of them all, which ends with caf&eacute;", .reference), ("Größe &amp; Maß", .reference),
            ("a & b; c &frac12;", .reference), ("&&amp;", .reference),
            ("Gold\u{A0}Club", .otherBlank("\u{A0}")), ("Gold \u{A0}Club", .otherBlank("\u{A0}")),
            ("Tier\u{A0}1", .otherBlank("\u{A0}")), ("Gold\u{A0}& Silver", .otherBlank("\u{A0}")),
            ("Café\u{A0}Club", .otherBlank("\u{A0}")), ("Золото\u{A0}Клуб", .otherBlank("\u{A0}")),
            ("Gold\u{2009}Club", .otherBlank("\u{2009}")), ("10\u{2007}000", .otherBlank("\u{2007}")),
            ("Gold\u{202F}Club", .otherBlank("\u{202F}")), ("Gold\u{2003}!", .otherBlank("\u{2003}")),
            ("Gold\u{2028}Club", .otherBlank("\u{2028}")), ("Gold\u{3000}Club", .otherBlank("\u{3000}")),
            ("“Gold”\u{205F}Club", .otherBlank("\u{205F}")),
            ("Go\u{200B}ld", .unseen("\u{200B}")), ("Pla\u{AD}tinum", .unseen("\u{AD}")),
            ("Go\u{2060}ld", .unseen("\u{2060}")), ("Go\u{FEFF}ld", .unseen("\u{FEFF}")),
            ("Go\u{200E}ld", .unseen("\u{200E}")), ("Go\u{200F}ld", .unseen("\u{200F}")),
            ("\u{202A}Gold", .unseen("\u{202A}")), ("Gold\u{202E}", .unseen("\u{202E}")),
            ("\u{2066}Gold\u{2069}", .unseen("\u{2066}")), ("Sil\u{200D}ver", .unseen("\u{200D}")),
            ("Auf\u{200C}lage", .unseen("\u{200C}")), ("Go\u{61C}ld", .unseen("\u{61C}")),
            ("Gold\u{E0041}", .unseen("\u{E0041}")), ("שלום\u{200F}!", .unseen("\u{200F}")),
        ] as [(String, NameSuspicion)])
    func finds(name: String, expected: NameSuspicion) async throws {
        #expect(try await suspicion(name) == expected, "\(name)")
    }

    @Test(
        "what people mean is left alone",
        arguments: [
            "Gold", "March", "Mars", "May", "Mar", "Marvel-05", "1st Tier", "100 Club", "2024", "24/7", "1-2-3",
            "Level 1-3",
            "Summer-24", "6E10", "1.5", "#1", "#VIP", "Nancy", "Nullarbor", "Nano", "None of them", "Unique", "NASA",
            "Rock'n'Roll", "'til dawn", "'Til Dawn", "'Twas", "'68 Club", "'90s", "'Allo 'Allo", "= 5", "Grand",
            "Grand Tour", "Sub", "Gold Total", "Generated by Ann", "Copyright", "Confidential",
            "IRMÃ", "IRMÃ®", "MAÇÃ", "SÃO PAULO", "MANHÃ…", "AMANHÃ”", "JOÃO", "Ação", "Âge d'or", "ÂNGELA", "CÂMARA",
            "NESTLÉ®", "«CAFÉ» Club", "Café", "Café…", "Fidélité – Or", "HYVÄ…", "HYVÄ®", "Île", "Straße", "Ødegård",
            "Ñandú", "Çok İyi", "Größe – 1", "naïve»", "Ελλάδα", "Привет", "مرحبا", "שלום", "한국", "‘t Hoekje",
            "’s Avonds",
            "“Gold” and “Silver” Circle", "Rue de l’Église", "Łódź", "Zürich™", "Total", "Sum", "😀", "👩‍👧", "100 %",
            "Jan de Vries", "Dec", "Sept", "Oct 7th", "10-4", "3M", "7-Eleven", "5.0", "1.2.10", "Group-05",
            "Bed & Bath", "R&D; Sales", "A&", "a &; b", "a &#; b", "&#x;", "&#12a;", "Q&A &averylongname; x", "AT&T;",
            "Noël\u{A0}!", "Noël\u{202F}!", "«\u{A0}Or\u{A0}» et argent", "100\u{A0}%", "Золото\u{A0}— серебро",
            "№\u{A0}5", "ゴールド\u{3000}会員", "会員\u{3000}A", "می\u{200C}خواهم", "क्\u{200D}ष", "ശ്രീ\u{200D}",
            "👨\u{200D}👩\u{200D}👧 Fans", "❤\u{FE0F}\u{200D}🔥", "🏴\u{E0067}\u{E0062}\u{E007F}",
            "ไทย\u{200B}แลนด์", "Rue de l’Église 5°", "Gold “&” Silver",
            "<3 Lovers", "<Gold>", "< b", "<b", "<bronze> Club", "(All) Stars", "(Alles) Gute", "All", "Sum 41",
            "Count 3", "Warning: explicit", "Notice", "Fatal Error Fans", "a &b c; d", "A &NotLessEqual; B", "&amp",
            "Fish &Chips & more; or less",
        ])
    func leavesAlone(name: String) async throws { #expect(try await suspicion(name) == nil, "\(name)") }
}
