/// How bytes break the grammar of RFC 8259.
package enum JSONFault: UInt8, Sendable {
    /// The value ended early.
    case endedEarly
    /// A value was due.
    case valueExpected
    /// A member name in quotes was due.
    case memberNameExpected
    /// A colon was due.
    case colonExpected
    /// A comma or the closing bracket was due.
    case commaExpected
    /// More than one value.
    case trailingBytes
    /// A number that RFC 8259 doesn't allow (section 6).
    case badNumber
    /// A control character inside a string (section 7).
    case controlCharacter
    /// A backslash sequence that RFC 8259 doesn't allow (section 7).
    case badEscape
    /// Closed by the wrong bracket.
    case wrongBracket

    /// What was wrong, in words.
    package var message: String {
        switch self {
        case .endedEarly: "it ends too early"
        case .valueExpected:
            "a value is expected here (strings need double quotes; comments, NaN and undefined are not JSON)"
        case .memberNameExpected: "a member name in double quotes is expected here"
        case .colonExpected: "a colon is expected here"
        case .commaExpected: "a comma or a closing bracket is expected here"
        case .trailingBytes: "there is more behind the value"
        case .badNumber: "this is no number that JSON allows"
        case .controlCharacter: "a control character stands inside a string; escape it"
        case .badEscape: "this escape sequence does not exist in JSON"
        case .wrongBracket: "this bracket closes another one"
        }
    }
}
