/// The groups that other runs on the target have made: read from those runs' ledgers when first asked for.
actor KnownGroups {
    /// What is read.
    struct Contents: Sendable {
        /// The ids of groups that the server keeps under another name than was sent, by the names that were sent, in
        /// UTF-8.
        var forms: [[UInt8]: Int64] = [:]
        /// The ids of groups that those runs have created.
        var own: Set<Int64> = []
    }

    private let load: @Sendable () async -> Contents
    private var contents: Contents?

    init(_ load: @escaping @Sendable () async -> Contents) { self.load = load }

    /// The id of the group that was made for a name and is kept under another; nil where none is known.
    func id(of name: String) async -> Int64? { await read().forms[Array(name.utf8)] }

    /// Whether another run has created a group.
    func isOwn(_ id: Int64) async -> Bool { await read().own.contains(id) }

    private func read() async -> Contents {
        if let contents { return contents }
        let read = await load()
        contents = read
        return read
    }
}
