import RewardsClient
import Testing

/// What servers make of names, beside names that are others'.
@Suite struct NameFormTests {
    private static let long = "The loyalty group of Saint-Étienne and its surroundings, ranked by the year of joining"

    @Test(
        "forms of ours",
        arguments: [
            ("Gold", "Gold"), (" Gold ", "Gold"), ("Gold  VIP", "Gold VIP"), ("Gold\t VIP", "Gold VIP"),
            ("Gold VIP", "gold vip"), ("gold vip", "GOLD VIP"), ("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος"),
            ("é", "e\u{301}"), ("e\u{301}", "\u{E9}"), ("ﬁne ①", "fine 1"), ("Gold\u{A0}VIP", "Gold VIP"),
            ("Ｇｏｌｄ", "Gold"), ("Łódź", "?ód?"), ("Łódź", "??d??"), ("Łódź", "\u{FFFD}\u{FFFD}ód\u{FFFD}"),
            ("Pla\u{AD}tinum", "Platinum"), ("Gold\u{200D}", "GOLD"), ("Łódź 1", "ód 1"), ("Łódź 1", "d 1"),
            ("Łódź", "Lodz"), ("Crème brûlée", "CREME BRULEE"),
            ("Crème brûlée", "Cr?me br?l?e"), ("Crème brûlée", "Crme brle"), ("Cre\u{300}me", "Cre?me"),
            ("Gold 😀 1", "Gold ? 1"), ("Gold 😀 1", "Gold ???? 1"), ("Gold 😀 1", "Gold 1"), ("Łódź 😀", "Łódź ?"),
            ("Łódź 😀 1", "Łódź"), ("金 1", "? 1"), ("“Gold” – 1", "?Gold? ? 1"), ("“Łódź”", "“?ód?”"),
            ("A & B", "A &amp; B"), ("A & B", "A &amp;amp; B"),
            (#"<a> "b" 'c'"#, "&lt;a&gt; &quot;b&quot; &#39;c&#39;"),
            ("it's", "it&#x27;s"), ("it's", "IT&apos;S"), (long, String(long.prefix(20))),
            (long, String(long.prefix(37))),
            (long, String(long.prefix(50)).uppercased()), (long, String(long.prefix(29))),
            ("Группа любимых клиентов", "Группа люб"), ("Группа любимых клиентов", "Группа люб\u{FFFD}"),
            ("A & B & C & D & E", "A &amp; B &amp; C &am"), ("12345678901234567890x", "12345678901234567890"),
            ("1234567890123456789 x", "1234567890123456789"),
        ] as [(String, String)])
    func forms(own: String, name: String) {
        #expect(NameForm.isForm(name, of: own))
        #expect(NameForm.isForm(own, of: own))
    }

    @Test(
        "names of others",
        arguments: [
            ("Gold", "Silver"), ("Gold", ""), ("Gold", " "), ("Gold 1", "Gold 10"), ("Gold 10", "Gold 1"),
            ("Gold", "Golden"), ("GoldVIP", "Gold VIP"), ("Gold VIP", "GoldVIP"), ("n1", "n2"), ("Łódź", "Łomża"),
            ("Łódź", "?om?a"), ("Łódź", ""), ("金", ""), ("Gold?", "Gold!"), ("Gold", "G?ld"), ("Gold", "Gld"),
            ("Crème", "Crime"), ("R&D", "R"), ("R&D", "r&amp;e"), (long, "The loyalty group of Lyon"),
            ("Loyalty group of a town", "Loyalty group of a town 2"), ("1234567890", "123456789"),
            ("Gold 1", "1"), ("Gold 1", "Gold"), ("a", "aa"),
        ] as [(String, String)])
    func others(own: String, name: String) { #expect(!NameForm.isForm(name, of: own)) }

    @Test("another case of an ampersand is no entity") func ampersand() { #expect(NameForm.isForm("r&d", of: "R&D")) }
}
