/// The JSON bodies that the client sends.
enum RequestBody {
    private static let nameMember = Array(#"{"name":"#.utf8), rankMember = Array(#","rank":"#.utf8)
    private static let isActiveMember = Array(#","isActive":"#.utf8), null = Array("null".utf8)

    /// Appends the body of a create or an update. `rank` nil leaves it out, `.some(nil)` writes null; `isActive` nil
    /// leaves it out.
    static func appendGroup(name: String, rank: Int64??, isActive: Bool? = nil, to body: inout [UInt8]) {
        body += nameMember
        JSONText.append(name, to: &body)
        if let rank {
            body += rankMember
            if let rank { JSONText.append(rank, to: &body) } else { body += null }
        }
        if let isActive {
            body += isActiveMember
            body += (isActive ? "true" : "false").utf8
        }
        body.append(UInt8(ascii: "}"))
    }

    /// The body of the token call.
    static func token(key: String, secret: Secret) -> [UInt8] {
        var body = Array(#"{"key":"#.utf8)
        JSONText.append(key, to: &body)
        body += #","secret":"#.utf8
        JSONText.append(secret.reveal(), to: &body)
        body.append(UInt8(ascii: "}"))
        return body
    }
}
