/// The ids of the spans of creates that may be sent: consecutive ones for consecutive records.
package struct CreateSpans: Sendable, Equatable {
    /// The number of the first record and of the last, all of which are drafts.
    package var first: Int64, last: Int64
    /// The id of the first one's span, above 0.
    package var span: Int64
    /// The trace's id, in lower-case hexadecimal digits.
    package var trace: String
    /// When they were given, in epoch milliseconds.
    package var givenAt: Int64

    /// The ids of the spans of a single draft's next create.
    package init(of recordNumber: Int64, span: Int64, trace: String, givenAt: Int64) {
        (first, last, self.span, self.trace, self.givenAt) = (recordNumber, recordNumber, span, trace, givenAt)
    }

    /// Gives each draft the id of a span, from `span` on.
    ///
    /// - Parameter drafts: in the order of their records.
    /// - Returns: the ids, a value for each row of consecutive records.
    package static func give(
        to drafts: inout [Draft], from span: Int64, trace: String, givenAt: Int64
    ) -> [CreateSpans] {
        var spans: [CreateSpans] = []
        for index in drafts.indices {
            let record = drafts[index].recordNumber
            drafts[index].span = span + Int64(index)
            if let last = spans.last?.last, last + 1 == record {
                spans[spans.count - 1].last = record
            } else {
                spans.append(
                    CreateSpans(of: record, span: drafts[index].span, trace: trace, givenAt: givenAt))
            }
        }
        return spans
    }
}
