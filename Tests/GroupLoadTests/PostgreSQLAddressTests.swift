import GroupLoad
import Testing

/// The address of a database of ledgers.
@Suite("PostgreSQLAddress") struct PostgreSQLAddressTests {
    @Test(
        "the schema is ours, and all else libpq's",
        arguments: [
            ("postgresql://h/db", "postgresql://h/db", "groupload"),
            ("postgres://u@h:5433/db", "postgres://u@h:5433/db", "groupload"),
            ("postgresql://h1:1,h2:2/db?sslmode=require", "postgresql://h1:1,h2:2/db?sslmode=require", "groupload"),
            ("postgresql://h/db?schema=jobs", "postgresql://h/db", "jobs"),
            (
                "postgresql://h/db?sslmode=require&schema=a%20b&connect_timeout=3",
                "postgresql://h/db?sslmode=require&connect_timeout=3", "a b"
            ),
            ("postgresql:///?service=loads", "postgresql:///?service=loads", "groupload"),
            ("postgresql://[::1]:5432/db", "postgresql://[::1]:5432/db", "groupload"),
        ])
    func reads(text: String, uri: String, schema: String) throws {
        let address = try PostgreSQLAddress(text)
        #expect(address.uri == uri && address.schema == schema)
        #expect(try PostgreSQLAddress(address.description) == address)
    }

    @Test(
        "a password, and what is no address, is refused",
        arguments: [
            "postgresql://u:secret@h/db", "postgresql://u:@h/db", "postgresql://h/db?password=secret",
            "postgresql://h/db?PassWord=secret", "postgresql://h/db?sslmode=require&sslpassword=secret",
            "postgresql://h/db?pass%77ord=secret",
            "ledger.sqlite", "mysql://h/db", "postgresql:/h", "", "postgresql://h/db?schema=",
            "postgresql://h/db?schema=pg_catalog", "postgresql://h/db?schema=a%00b",
            "postgresql://h/db?schema=" + String(repeating: "x", count: 64),
        ])
    func refuses(text: String) {
        let error = #expect(throws: RunError.self) { try PostgreSQLAddress(text) }
        #expect(error?.code == .usage && error?.remedy != nil)
        #expect(error.map { "\($0)".contains("secret") } == false)
    }
}
