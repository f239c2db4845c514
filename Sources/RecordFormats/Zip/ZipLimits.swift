/// Bounds on what is read of an archive. They are absolute, for what a file says of itself proves nothing, and honest
/// lists compress a hundred times.
struct ZipLimits {
    /// The most entries of an archive.
    var entriesMax = 10_000
    /// The longest central directory, in bytes.
    var directoryBytesMax = 4 << 20
    /// The most bytes that one part may have, inflated. A million rows of twenty columns have a quarter of it.
    var partBytesMax: Int64 = 4 << 30
    /// The most bytes of a part that lists others, inflated: the sheets, their relationships, the formats.
    static let listBytesMax: Int64 = 16 << 20
}
