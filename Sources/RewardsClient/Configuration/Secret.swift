/// Text that nothing shows: every description, dump and mirror says `<redacted>`.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let value: String

    /// Hides the text.
    package init(_ value: String) { self.value = value }

    /// The text itself, for requests alone.
    package func reveal() -> String { value }

    /// Whether the text is empty.
    package var isEmpty: Bool { value.isEmpty }
    package var description: String { "<redacted>" }
    package var debugDescription: String { "<redacted>" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
