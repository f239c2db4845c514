/// A word as a POSIX shell reads it.
package enum ShellWord {
    /// The text, in single quotes where a shell would take it for something else.
    package static func quoted(_ text: String) -> String {
        if !text.isEmpty, text.unicodeScalars.allSatisfy(isPlain) { return text }
        return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// Letters and digits of any script, and signs that mean nothing to a shell.
    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            ? scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                || "_-./:@%+,=".unicodeScalars.contains(scalar)
            : scalar.properties.isAlphabetic
    }
}
