import RecordFormats

extension Violations {
    /// What is wrong and what to do, each violation separated by "; ". Values are shown, cut at 64 bytes.
    ///
    /// - Parameter nameLengthMax: the bound that ``nameTooLong`` was judged by, in characters.
    func message(for record: Record, in batch: RecordBatch, nameLengthMax: Int) -> String {
        var parts: [String] = []
        if contains(.malformed), let problem = record.problem { parts.append(message(problem, record, in: batch)) }
        if contains(.nameMissing) { parts.append(missing(record.name, in: batch)) }
        if contains(.nameNotText) {
            parts.append(notText(record, in: batch))
        }
        if contains(.nameGivenTwice) { parts.append("name is given twice; keep one") }
        if contains(.nameNotUTF8) { parts.append("name is not valid UTF-8; save the file as UTF-8") }
        if contains(.nameControlCharacter) {
            parts.append("name \(batch.shown(record.name)) holds a line break or another control character; remove it")
        }
        if contains(.nameTooLong) {
            parts.append("name is longer than \(nameLengthMax) characters; shorten it, or raise --name-length-max")
        }
        if contains(.rankNotInteger) {
            let remedy = RankText.remedy(batch.text(record.rank))
            parts.append("rank \(batch.shown(record.rank)) is not an integer; \(remedy)")
        }
        if contains(.rankOutOfRange) {
            parts.append("rank \(batch.shown(record.rank)) is outside -2147483648 to 2147483647; use a smaller number")
        }
        if contains(.rankGivenTwice) { parts.append("rank is given twice; keep one") }
        if contains(.activeNotBoolean) {
            parts.append(
                "isActive \(batch.shown(record.active)) doesn't say yes or no; write \(ActivityWord.forms), or nothing")
        }
        if contains(.activeGivenTwice) { parts.append("isActive is given twice; keep one") }
        parts += nullOptions(record, in: batch).map { "give \($0) where that means none" }
        if isTotal(record, in: batch) { parts.append(Self.totalRemark) }
        return parts.joined(separator: "; ")
    }

    /// What is said, at the end of its message, of a record that looks like a total.
    static let totalRemark = "the record looks like a total; leave it out if it is one"

    /// The options by which a rank and an activity that are invalid would mean none, each once.
    private func nullOptions(_ record: Record, in batch: RecordBatch) -> [String] {
        var words: [String] = []
        for (violation, field) in [(Self.rankNotInteger, record.rank), (.activeNotBoolean, record.active)]
        where contains(violation) {
            let text = batch.text(field)
            if NameSuspicion.looksEmpty(text), !words.contains(text) { words.append(text) }
        }
        return words.map(NullWords.option)
    }

    /// Whether the record has the name of a total, or no name and such a text in another field.
    private func isTotal(_ record: Record, in batch: RecordBatch) -> Bool {
        guard contains(.nameMissing) else {
            return record.name.kind == .text && NameSuspicion.isTotal(batch.text(record.name))
        }
        let raw = batch.arena[record.raw.start..<record.raw.start + min(record.raw.count, 1024)]
        return String(decoding: raw, as: UTF8.self).split(whereSeparator: { ",;\t|".contains($0) }).contains {
            NameSuspicion.isTotal(String($0))
        }
    }

    /// What is said of a name that is no text; only records of XML have no bytes of their own.
    private func notText(_ record: Record, in batch: RecordBatch) -> String {
        let shown = "name \(batch.shown(record.name))"
        if record.name.kind == .number {
            return "\(shown) is a number and not text; put it in quotes in JSON, or leave it as it is in CSV"
        }
        return record.raw.count == 0
            ? "\(shown) is not plain text; write it without elements in it"
            : "\(shown) is not text; give every group a name that is text"
    }

    /// What is said of a name that is none.
    private func missing(_ name: RecordField, in batch: RecordBatch) -> String {
        guard name.kind == .text, batch.arena[name.slice.start..<name.slice.end].contains(where: { $0 > 0x20 }) else {
            return "name is missing; give every group a name"
        }
        let isInvisible = NearName.form(of: batch.text(name)).isEmpty
        return isInvisible
            ? "name \(batch.shown(name)) holds nothing that can be seen; give every group a name"
            : "name \(batch.shown(name)) means none by --null; give every group a name"
    }

    /// What the format says, and where another number of fields may come of the wrong quotes.
    private func message(_ problem: RecordProblem, _ record: Record, in batch: RecordBatch) -> String {
        guard case .raggedRow = problem,
            String(decoding: batch.arena[record.raw.start..<record.raw.end], as: UTF8.self)
                .contains(where: { "“”„«»".contains($0) })
        else { return problem.message(line: record.line) }
        return problem.message(line: record.line) + "; “ and ” don't quote a field, only \" does"
    }
}

extension RecordBatch {
    /// A field's value as read, or nil where there is none. A value that is given twice says so, lest one of the two
    /// passes.
    func value(_ field: RecordField) -> [UInt8]? {
        switch field.kind {
        case .absent, .null: nil
        case .duplicate: Array("(given twice)".utf8)
        case .text, .number, .wrongType: Array(arena[field.slice.start..<field.slice.end])
        }
    }

    /// The first 64 bytes of a field's value, less what is trimmed.
    fileprivate func text(_ field: RecordField) -> String {
        let slice = unsafe arena.withUnsafeBytes { unsafe TextScan.trimmed(field.slice, in: $0) }
        return String(decoding: arena[slice.start..<slice.start + min(slice.count, 64)], as: UTF8.self)
    }

    /// A field's value for a message: text in quotes with what is not printable escaped, at most 64 bytes of it.
    func shown(_ field: RecordField) -> String {
        let bytes = arena[field.slice.start..<field.slice.start + min(field.slice.count, 64)]
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let isEscaped = scalar.properties.generalCategory == .control || NameFolding.isIgnorable(scalar)
            text += isEscaped ? scalar.escaped(asASCII: true) : String(scalar)
        }
        if field.slice.count > 64 { text += "…" }
        return field.kind == .text ? "\"\(text)\"" : text
    }
}
