extension RecordStream {
    /// What the first records of the source have, in the order in which it comes up: a bounded look, apart from
    /// decoding.
    ///
    /// - Parameter batch: holds the first records of the source, and no others; it may hold none.
    package func members(of batch: RecordBatch) -> [SeenMember] {
        var survey = MemberSurvey(columns.map(mapping.fitting) ?? mapping)
        let records = batch.records.prefix(MemberSurvey.recordsMax)
        switch format {
        case .csv, .xlsx:
            let columns = columns ?? []
            for column in columns where !column.utf8.span.isBlank { survey.add(column, nil) }
            for record in records {
                let cells = batch.columns(of: record, delimiter: delimiter ?? .comma)
                for (place, (column, cell)) in zip(columns, cells).enumerated() {
                    if !column.utf8.span.isBlank {
                        survey.add(column, cell)
                    } else if !cell.span.isBlank {
                        survey.add("column \(place + 1)", cell, hasTitle: false)
                    }
                }
            }
        case .json, .ndjson:
            for record in records {
                let bytes = batch.arena.span.extracting(record.raw.range)
                JSONRecord.survey(bytes, levelsLeft: levelsMax, innerPath: innerPath, into: &survey)
            }
        case .xml: return xmlMembers
        }
        return survey.members
    }
}
