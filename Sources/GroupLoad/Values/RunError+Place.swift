extension RunError {
    /// Where an error happened: a file or directory, a line of it, a record; each where it is known.
    package struct Place: Sendable, Hashable, CustomStringConvertible {
        /// The file or directory, as the user named it.
        package var path: String?
        /// The line in the file, from 1.
        package var line: Int64?
        /// The record: its ordinal in the file, or in the run where there is no path; from 1.
        package var recordNumber: Int64?

        /// Each part may be left out.
        package init(path: String? = nil, line: Int64? = nil, recordNumber: Int64? = nil) {
            self.path = path
            self.line = line
            self.recordNumber = recordNumber
        }

        /// A file or directory.
        package static func path(_ path: String) -> Place { Place(path: path) }

        /// `groups.csv:1042: record 1040`, as far as it is known.
        package var description: String {
            let file = [path, line.map { "\($0)" }].compactMap(\.self).joined(separator: ":")
            let record = recordNumber.map { "record \($0)" }
            return [file.isEmpty ? nil : file, record].compactMap(\.self).joined(separator: ": ")
        }
    }
}
