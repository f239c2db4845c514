/// What became of the copy of an input that a run keeps in its directory.
package struct KeptInput: Sendable, Codable, Equatable {
    /// The copy's name in the run directory; nil where there is none.
    package var file: String?
    /// Why there is none although one was asked for and the input was read to its end; nil elsewhere.
    package var reason: String?

    /// No copy, for `reason`; nil where none was to be kept, or the input wasn't read to its end.
    package init(reason: String? = nil) { self.reason = reason }

    /// A copy under this name.
    package init(file: String) { self.file = file }
}
