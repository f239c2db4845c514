import RecordFormats
import RewardsClient

/// A decision as a line of a plan: a JSON object, whose member `info`, the last, holds what makes no difference to what
/// is done. What stands before that is the same for the same decision.
enum PlanLine {
    private static let info = ",\"info\":"

    /// The part of a line that makes a difference. A string within it has no quote that isn't escaped, so that `info`
    /// is found at its first place.
    static func essence(of line: String) -> Substring {
        let text = line.hasSuffix(",") ? line.dropLast() : line[...]
        return text.firstRange(of: info).map { text[..<$0.lowerBound] } ?? text.dropLast()
    }

    /// Whether a line of a plan says the same as another's bytes before `info`.
    static func isSame(_ line: String, as essence: ArraySlice<UInt8>) -> Bool {
        var bytes = line.utf8[...]
        guard bytes.starts(with: essence) else { return false }
        bytes = bytes.dropFirst(essence.count)
        return bytes.starts(with: "}".utf8) || bytes.starts(with: info.utf8)
    }

    /// The object, without a line end, and how many of its bytes make a difference.
    static func bytes(of decision: Decision) -> (line: [UInt8], essence: Int) {
        var line: [UInt8] = Array("{\"action\":\"\(decision.action.rawValue)\"".utf8)
        func append(_ key: String, _ number: Int64) { line.append(contentsOf: ",\"\(key)\":\(number)".utf8) }
        func append(_ key: String, _ text: String) {
            line.append(contentsOf: ",\"\(key)\":".utf8)
            JSONEncoding.append(text.utf8.span, to: &line)
        }
        func append(_ key: String, _ state: GroupState) {
            let rank = state.rank.map(String.init) ?? "null"
            line.append(contentsOf: ",\"\(key)\":{\"rank\":\(rank),\"isActive\":\(state.isActive)}".utf8)
        }
        if decision.recordNumber > 0 {
            append("record", decision.recordNumber)
            append("source", decision.source)
            append("line", decision.line)
        }
        append("name", decision.name)
        if decision.action == .create {
            if let rank = decision.rank { append("rank", rank) }
            if decision.isInactive { line.append(contentsOf: ",\"isActive\":false".utf8) }
        }
        if let group = decision.group {
            append("id", group.id)
            if !group.name.hasBytes(of: decision.name) { append("group", group.name) }
            if decision.to != nil { append("from", group.state) }
        }
        if let to = decision.to { append("to", to) }
        if !decision.near.isEmpty {
            line.append(contentsOf: ",\"near\":[".utf8)
            for (index, group) in decision.near.enumerated() {
                line.append(contentsOf: "\(index == 0 ? "" : ",")[\(group.id),".utf8)
                JSONEncoding.append(group.name.utf8.span, to: &line)
                line.append(UInt8(ascii: "]"))
            }
            line.append(UInt8(ascii: "]"))
        }
        let essence = line.count
        if let note = decision.note { append("info", note) }
        line.append(UInt8(ascii: "}"))
        return (line, essence)
    }
}
