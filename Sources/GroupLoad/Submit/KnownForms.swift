/// The groups that earlier runs on the target have made and that the server keeps under another name than was sent: read from those runs' ledgers
/// when first asked for.
actor KnownForms {
    private let load: @Sendable () async throws -> [[UInt8]: Int64]
    private var ids: [[UInt8]: Int64]?

    /// - Parameter load: gives the ids by the names that were sent, in UTF-8.
    init(_ load: @escaping @Sendable () async throws -> [[UInt8]: Int64]) { self.load = load }

    /// The id of the group that was made for a name; nil where none is known.
    func id(of name: String) async -> Int64? {
        if ids == nil {
            // What can't be read is not known.
            do { ids = try await load() } catch { ids = [:] }
        }
        return ids?[Array(name.utf8)]
    }
}
