import RecordFormats

/// Gathers what lists say of being pages of a longer list, and finds those whose other pages were not read.
struct PageTally: Sendable {
    private struct Part {
        var path: String
        /// The member that holds the records; pages of one list have the same.
        var member: String
        var signs: PageSigns
        var records: Int64
        var documents: Int
    }

    private var parts: [Part] = []

    /// Notes a list that has been read whole.
    mutating func add(_ stream: RecordStream, of path: String) {
        guard let signs = stream.pageSigns else { return }
        parts.append(
            Part(
                path: path, member: "\(stream.format.rawValue) \(stream.recordsMember ?? "")", signs: signs,
                records: stream.recordsRead, documents: stream.documentsRead))
    }

    /// The lists that go on beyond what was read, in their order.
    ///
    /// Of several lists of one form, those that say of a next page are the pages before the one that doesn't. Where two
    /// don't, each is a list by itself, but for a total, which is that of all of them.
    var partial: [PartialList] {
        var found: [PartialList] = []
        var isDone: Set<String> = []
        for part in parts where !isDone.contains(part.member) {
            let alike = parts.filter { $0.member == part.member }
            let ends = alike.count { $0.signs.next == nil }
            if alike.count > 1, ends > 1 {
                found += [Self.partial(part.signs.next == nil ? alike : [part], part)].compactMap(\.self)
                continue
            }
            isDone.insert(part.member)
            guard var last = alike.last else { continue }
            if alike.count > 1, ends == 1 { last.signs.next = nil }
            found += [Self.partial(alike, last)].compactMap(\.self)
        }
        return found
    }

    /// What `last` says of the list that `parts` are; nil where they are all of it.
    private static func partial(_ parts: [Part], _ last: Part) -> PartialList? {
        let records = parts.reduce(0) { $0 + $1.records }
        let documents = parts.reduce(0) { $0 + $1.documents }
        return last.signs.sign(records: records, documents: documents).map {
            PartialList(path: last.path, member: $0.member, value: $0.value, read: records)
        }
    }
}
