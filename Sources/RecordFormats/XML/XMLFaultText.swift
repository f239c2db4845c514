internal import CLibXML2

/// What breaks the grammar of XML in plain words, with what to write instead, by libxml2's number of the error and
/// its own words, which say what the number alone doesn't.
enum XMLFaultText {
    /// - Parameters:
    ///   - number: libxml2's number of the error (`xmlParserErrors`).
    ///   - message: libxml2's words on one line.
    static func text(number: UInt32, message: String) -> String {
        switch number {
        case XML_ERR_ENTITYREF_SEMICOL_MISSING.rawValue: loneAmpersand
        case XML_ERR_NAME_REQUIRED.rawValue where message.contains("EntityRef"): loneAmpersand
        case XML_ERR_NAME_REQUIRED.rawValue where message.contains("StartTag"):
            "\"<\" begins no tag here; write &lt; where it is part of the text"
        case XML_ERR_LT_IN_ATTRIBUTE.rawValue: "\"<\" stands in an attribute; write &lt; for it, or close the quotes"
        case XML_ERR_UNDECLARED_ENTITY.rawValue, UInt32(XML_WAR_UNDECLARED_ENTITY.rawValue): unknownEntity(message)
        case XML_ERR_INVALID_CHAR.rawValue: character(message)
        case XML_ERR_INVALID_HEX_CHARREF.rawValue, XML_ERR_INVALID_DEC_CHARREF.rawValue,
            XML_ERR_INVALID_CHARREF.rawValue:
            "\"&#\" begins no number of a character here; write &#233; or the character itself, or &amp; for \"&\""
        case XML_ERR_TAG_NAME_MISMATCH.rawValue: mismatch(message)
        case XML_ERR_ATTRIBUTE_REDEFINED.rawValue, XML_NS_ERR_ATTRIBUTE_REDEFINED.rawValue:
            "an attribute is given twice in one tag; keep one"
        case XML_ERR_ATTRIBUTE_NOT_STARTED.rawValue: "the value of an attribute has no quotes; write name=\"value\""
        case XML_ERR_ATTRIBUTE_WITHOUT_VALUE.rawValue: "an attribute has no value; write name=\"value\""
        case XML_ERR_DOCUMENT_END.rawValue:
            "there is more behind the end of the root element; put all records into one root element, or give each "
                + "document as a file of its own"
        case XML_ERR_DOCUMENT_EMPTY.rawValue:
            "it does not begin with a tag; say what the file is with --format, or export it again"
        case XML_ERR_RESERVED_XML_NAME.rawValue:
            "the XML declaration (<?xml …?>) stands behind something else; it must be the file's first bytes, and be "
                + "there once"
        case XML_ERR_MISPLACED_CDATA_END.rawValue: "\"]]>\" stands in text; write ]]&gt; for it"
        case XML_ERR_HYPHEN_IN_COMMENT.rawValue: "\"--\" stands in a comment; remove it"
        default: "\(message); correct the file"
        }
    }

    private static let loneAmpersand = "\"&\" stands by itself here; write &amp; for it"

    /// Of `Entity 'nbsp' not defined`.
    private static func unknownEntity(_ message: String) -> String {
        let name = message.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false).dropFirst().first ?? ""
        return
            "\"&\(name.prefix(40));\" is no entity of XML (HTML has more); write the character itself, or &amp; where "
            + "\"&\" is meant"
    }

    /// Of `PCDATA invalid Char value 8` and others that end with the character's number.
    private static func character(_ message: String) -> String {
        guard let value = message.split(separator: " ").last.flatMap({ UInt32($0) }) else {
            return "a character that XML doesn't allow; remove it"
        }
        let digits = String(value, radix: 16, uppercase: true)
        let number = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "the character \(number)\(value < 0x20 ? ", a control character," : "") is not allowed in XML; remove it"
    }

    /// Of `Opening and ending tag mismatch: name line 3 and group`.
    private static func mismatch(_ message: String) -> String {
        let words = message.split(separator: " ")
        guard words.count >= 5, words[words.count - 4] == "line", words[words.count - 2] == "and" else {
            return "\(message); correct the file"
        }
        let (begun, line, ended) = (words[words.count - 5], words[words.count - 3], words[words.count - 1])
        return "<\(begun)> of line \(line) is not closed before </\(ended)>; add its end tag"
    }
}
