/// Reads the groups of responses by the shape of the last one: those of one server differ in the values of members,
/// and neither in the members nor in their order and what stands between them.
package struct GroupShape {
    private var body: [UInt8] = []
    private var values: [PlainGroup.Value] = []
    private var isActive: Bool?
    private var isASCII = true

    /// Makes a reader that has seen no response.
    package init() {}

    /// What ``PlainGroup/read(_:named:)`` reads.
    package mutating func read(_ bytes: Span<UInt8>, named sent: String) -> RewardGroup? {
        if let group = repeated(bytes, named: sent) { return group }
        var reader = PlainGroup.Reader()
        guard let group = reader.group(bytes, named: sent) else { return nil }
        (values, isActive, isASCII) = (reader.values, group.isActive, reader.isASCII)
        body.removeAll(keepingCapacity: true)
        for index in bytes.indices { body.append(bytes[index]) }
        return group
    }

    /// The group of a response that has the last one's shape; nil for any other.
    private func repeated(_ bytes: Span<UInt8>, named sent: String) -> RewardGroup? {
        guard !body.isEmpty else { return nil }
        var reader = PlainGroup.Reader()
        var group = RewardGroup(id: 0, name: sent)
        var end = 0
        for value in values {
            guard skip(end..<value.place.lowerBound, bytes, &reader) else { return nil }
            end = value.place.upperBound
            switch value.kind {
            case .number:
                // A value has no blank before it that isn't the shape's.
                guard reader.index < bytes.count, bytes[reader.index] > 0x20, let number = reader.number(bytes) else {
                    return nil
                }
                if !value.member.isEmpty { PlainGroup.Reader.set(value.member, number, &group) }
            case .text:
                guard reader.textEnd(bytes) != nil else { return nil }
                end += 1
            case .name:
                guard let place = reader.textEnd(bytes), reader.isText(bytes, place, sent) else { return nil }
                end += 1
            }
        }
        guard skip(end..<body.count, bytes, &reader), reader.index == bytes.count, group.id > 0 else { return nil }
        group.isActive = isActive
        return reader.isASCII && isASCII || reader.isUTF8(bytes) ? group : nil
    }

    /// Goes on behind what stands between two values, where it is what it was.
    private func skip(_ part: Range<Int>, _ bytes: Span<UInt8>, _ reader: inout PlainGroup.Reader) -> Bool {
        guard bytes.count - reader.index >= part.count,
            body.span.agrees(with: bytes, at: reader.index, in: part)
        else { return false }
        reader.index += part.count
        return true
    }
}
