/// What is said of a document that can't be read on.
extension JSONDocumentDecoder {
    func notAList(_ byte: UInt8) -> DecodingFailure {
        switch byte {
        case 0x22, UInt8(ascii: "-"), 0x30...0x39, UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            DecodingFailure(
                code: .noRecordsArray, line: line,
                message:
                    """
                    this is neither an array of objects nor an object that holds one; write \
                    [{\"\(mapping.roles[0].name)\": …}, …], 
                    """
                        + "or say what the file is with --format"
            )
        default: malformed(.valueExpected)
        }
    }

    /// What stands behind the document, or behind an object of a source that holds several.
    func trailing(_ byte: UInt8) -> DecodingFailure {
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "[") else { return malformed(.trailingBytes) }
        return DecodingFailure(
            code: .notWellFormed, line: line,
            message: byte == UInt8(ascii: ",")
                ? "not JSON: a comma separates objects that no array holds; write [ before the first and ] behind "
                    + "the last"
                : "not JSON: there is an array behind an object; give each as a file of its own")
    }

    func malformed(_ fault: JSONFault) -> DecodingFailure {
        let hint =
            switch fault {
            case .trailingBytes: "; for one object a line use --format ndjson"
            default: "; correct the file"
            }
        return DecodingFailure(
            code: .notWellFormed, line: line, recordNumber: isRecord ? recordsRead + 1 : nil,
            message: "not JSON: \(fault.message)\(hint)"
        )
    }

    func tooDeep() -> DecodingFailure {
        DecodingFailure(
            code: .depthExceeded, line: line, recordNumber: isRecord ? recordsRead + 1 : nil,
            message: "nests deeper than \(limits.depthMax) levels; flatten the document"
        )
    }

    func tooLong() -> DecodingFailure {
        DecodingFailure(
            code: .recordTooLong, line: pieceLine, recordNumber: isRecord ? recordsRead + 1 : nil,
            message:
                "the \(isRecord ? "record" : "value") that begins here is longer than \(limits.recordBytesMax) bytes; "
                + "look for a missing quote or bracket in it, or raise --record-bytes-max"
        )
    }
}
