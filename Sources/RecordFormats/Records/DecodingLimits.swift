/// Bounds on what a decoder holds in memory.
package struct DecodingLimits: Sendable, Equatable {
    /// The longest record, in bytes as read (XML: of its text and attribute values). At least 1.
    package var recordBytesMax: Int
    /// The deepest nesting of JSON arrays and objects, or of XML elements, the container's own included. 3 to 200.
    package var depthMax: Int

    /// Limits; the defaults are 1 MiB and 128. Precondition: the bounds above.
    package init(recordBytesMax: Int = 1 << 20, depthMax: Int = 128) {
        precondition(recordBytesMax >= 1 && recordBytesMax <= 1 << 30, "recordBytesMax is 1 to 2^30")
        precondition((3...200).contains(depthMax), "depthMax is 3 to 200")
        self.recordBytesMax = recordBytesMax
        self.depthMax = depthMax
    }
}
