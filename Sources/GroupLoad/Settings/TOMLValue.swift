/// A value of a TOML document, with the line that its key stands on.
package struct TOMLValue: Sendable, Equatable {
    /// What a value is.
    package enum Content: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case boolean(Bool)
        /// A number with a fraction, a date or a time, which is read as far as its end.
        case other
        case list([TOMLValue])
        case table(TOMLTable)
    }

    /// What it is.
    package let content: Content
    /// The line of its key, of its table's header, or where it begins in a list; from 1.
    package let line: Int64

    /// Makes a value.
    package init(_ content: Content, line: Int64) {
        self.content = content
        self.line = line
    }
}

/// A table of a TOML document: its keys in their order.
package struct TOMLTable: Sendable, Equatable {
    /// How a table came to be, which decides what may add to it (TOML 1.0, "Table" and "Inline Table").
    enum Origin: Sendable { case implied, header, dotted, inline }

    /// A key with its value.
    package struct Entry: Sendable, Equatable {
        /// The key, as it is after quotes and escapes.
        package let key: String
        /// Its value.
        package fileprivate(set) var value: TOMLValue
    }

    /// The keys and their values, in the order of the document.
    package private(set) var entries: [Entry] = []
    private var origin: Origin

    /// A table without keys.
    init(_ origin: Origin) { self.origin = origin }

    /// The value of a key; nil where there is none.
    package subscript(key: String) -> TOMLValue? { place(of: key).map { entries[$0].value } }

    private func place(of key: String) -> Int? {
        entries.firstIndex { $0.key.utf8.elementsEqual(key.utf8) }
    }
}

// How a document is put together. Each throws a message where TOML forbids it.
extension TOMLTable {
    /// Begins the table that a header names.
    mutating func begin(_ path: ArraySlice<String>, line: Int64) throws(TOMLReader.Message) {
        guard let key = path.first else {
            guard origin == .implied else { throw TOMLReader.Message("this table was begun before") }
            origin = .header
            return
        }
        try change(key, line: line, as: .implied) { (table) throws(TOMLReader.Message) in
            guard table.origin != .inline else { throw TOMLReader.Message("a table in { } can't be added to") }
            try table.begin(path.dropFirst(), line: line)
        }
    }

    /// Adds a key, whose name may be dotted, to the table that a header named.
    mutating func add(
        _ path: ArraySlice<String>, _ value: TOMLValue, in header: ArraySlice<String>
    ) throws(TOMLReader.Message) {
        if let key = header.first {
            try change(key, line: value.line, as: .header) { (table) throws(TOMLReader.Message) in
                try table.add(path, value, in: header.dropFirst())
            }
        } else if let key = path.first, path.count > 1 {
            try change(key, line: value.line, as: .dotted) { (table) throws(TOMLReader.Message) in
                guard table.origin == .dotted else {
                    throw TOMLReader.Message("this table was begun before, and can't be added to here")
                }
                try table.add(path.dropFirst(), value, in: [])
            }
        } else if let key = path.first {
            guard place(of: key) == nil else { throw TOMLReader.Message("this key was given before") }
            entries.append(Entry(key: key, value: value))
        }
    }

    /// Changes the table that a key holds; a new one where there is none.
    private mutating func change(
        _ key: String, line: Int64, as origin: Origin,
        _ body: (inout TOMLTable) throws(TOMLReader.Message) -> Void
    ) throws(TOMLReader.Message) {
        guard let place = place(of: key) else {
            var table = TOMLTable(origin)
            try body(&table)
            entries.append(Entry(key: key, value: TOMLValue(.table(table), line: line)))
            return
        }
        guard case .table(var table) = entries[place].value.content else {
            throw TOMLReader.Message("this key was given before, and is no table")
        }
        try body(&table)
        entries[place].value = TOMLValue(.table(table), line: entries[place].value.line)
    }
}
