package import RecordFormats

extension RunConfiguration {
    /// How the lists are read, as far as they don't say so themselves.
    package struct Reading: Sendable, Codable, Equatable {
        /// The name of the format as `--format` takes it; nil to find it out.
        package var format: String?
        /// The name of the encoding as `--encoding` takes it; nil to find it out.
        package var encoding: String?
        /// The name of the CSV delimiter as `--delimiter` takes it; nil to find it out.
        package var delimiter: String?
        /// CSV: whether the first line is a record.
        package var hasNoHeader = false
        /// CSV: the names of the columns in their order, where the first line is a record.
        package var columns: [String]?
        /// CSV: how many lines above the header are passed over; nil for none.
        package var skipLines: Int?
        /// Other names of columns and members; nil for the usual ones.
        package var map: Map?
        /// Whether a list is refused that has an unused column which looks like a rank or an activity, or a name that
        /// is suspicious or nearly another's.
        package var isStrict = false
        /// The names on the way to the records, with dots or slashes between.
        package var recordsAt: String?
        /// JSON: the name of the member that each record's key is, as `--key-as` takes it; nil for an array of records.
        package var keyAs: String?
        /// Workbooks: the name or the number of the sheet; nil to find it out.
        package var sheet: String?
        /// Workbooks: whether hidden rows are passed over.
        package var skipsHidden = false
        /// The longest record, in bytes.
        package var recordBytesMax = 1 << 20

        /// Everything is found out.
        package init() {}
    }

    /// What the name, the rank and the activity stand under; nil for their usual names.
    package struct Map: Sendable, Codable, Equatable {
        /// What the name stands under.
        package var name: String?
        /// What the rank stands under.
        package var rank: String?
        /// What the activity stands under.
        package var active: String?

        /// Makes a map.
        package init(name: String?, rank: String?, active: String?) {
            self.name = name
            self.rank = rank
            self.active = active
        }

        /// As it is given: `name=COLUMN,rank=COLUMN,active=COLUMN`.
        package var text: String {
            [("name", name), ("rank", rank), ("active", active)].compactMap { key, value in value.map { "\(key)=\($0)" }
            }
            .joined(separator: ",")
        }
    }
}

extension RunConfiguration.Reading {
    /// The settings that decoding options come of.
    package init(format: RecordFormat?, _ options: DecodingOptions, recordsAt: String?) {
        self.format = format?.rawValue
        encoding = options.encoding?.rawValue
        delimiter = options.delimiter?.name
        skipLines = options.skipLines > 0 ? options.skipLines : nil
        columns = options.columns
        hasNoHeader = options.columns != nil
        let given = options.mapping.givenNames
        if !options.mapping.isStandard, given.count == 3 {
            map = RunConfiguration.Map(name: given[0], rank: given[1], active: given[2])
        }
        self.recordsAt = recordsAt
        keyAs = options.keyName
        sheet = options.sheet
        skipsHidden = options.skipsHidden
        recordBytesMax = options.limits.recordBytesMax
    }

    /// The format that all lists have; nil to find out each one's.
    package var recordFormat: RecordFormat? { format.flatMap(RecordFormat.init(rawValue:)) }

    /// How lists are decoded.
    package var decoding: DecodingOptions {
        var options = DecodingOptions(
            mapping: .groups(name: map?.name, rank: map?.rank, active: map?.active),
            limits: DecodingLimits(recordBytesMax: min(max(recordBytesMax, 1), 1 << 30)),
            encoding: encoding.flatMap(TextEncoding.init(rawValue:)),
            delimiter: delimiter.flatMap(CSVDelimiter.init(name:)), columns: columns,
            skipLines: max(skipLines ?? 0, 0), recordsPath: recordsAt.map(Self.path), keyName: keyAs)
        options.sheet = sheet
        options.skipsHidden = skipsHidden
        return options
    }

    /// The names of a path to the records.
    package static func path(_ text: String) -> [String] {
        text.split(separator: text.contains("/") ? "/" : ".", omittingEmptySubsequences: false).map(String.init)
    }
}
