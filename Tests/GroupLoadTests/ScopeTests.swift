import GroupLoad
import Testing

@Suite struct ScopeTests {
    @Test(
        "spellings of one target are one scope",
        arguments: [
            ("https://eu.api.example.com", "HTTPS://EU.Api.Example.COM:443/"),
            ("https://eu.api.example.com", "https://eu.api.example.com."),
            ("http://localhost:8080", "http://LOCALHOST:8080"), ("http://localhost:8080", "http://127.0.0.1:8080"),
            ("http://localhost:8080", "http://127.3.2.1:8080"), ("http://localhost:8080", "http://127.1:8080"),
            ("http://localhost:8080", "http://[::1]:8080"),
            ("http://localhost:8080", "http://[0:0:0:0:0:0:0:1]:08080"),
            ("http://localhost:8080", "http://[::ffff:127.0.0.1]:8080/"),
            ("http://localhost", "http://127.0.0.1:80"), ("http://[2001:db8::1]", "http://[2001:DB8:0:0::1]:80"),
        ])
    func same(first: String, second: String) {
        let (one, other) = (Scope(text: first + " till"), Scope(text: second + " till"))
        #expect(one == other && one.canonical == other.canonical)
        #expect(Scope(text: one.canonical).canonical == one.canonical)
    }

    @Test(
        "what differs stays apart",
        arguments: [
            ("https://a.example", "http://a.example"), ("https://a.example", "https://a.example:80"),
            ("https://a.example", "https://b.example"), ("http://128.0.0.1", "http://127.0.0.1"),
            ("https://é.example", "https://e\u{301}.example"),
        ])
    func different(first: String, second: String) {
        #expect(Scope(text: first + " till") != Scope(text: second + " till"))
    }

    @Test("the till or key is taken as it is") func keys() {
        #expect(Scope(text: "https://a.example till") != Scope(text: "https://a.example Till"))
        #expect(Scope(text: "https://a.example a till of words").keyID == "a till of words")
        #expect(Scope(text: "").canonical == Scope(text: " ").canonical)
    }
}
