import Foundation
import RecordFormats

/// Whether what a run read of an input can be read once more, and where.
enum RereadInput: Equatable {
    /// The input is what it was.
    case original
    /// The copy in the run directory, at this path, which holds what was read; the input itself is ``Original``.
    case copy(String, Original)
    /// There is no copy that holds it, and the input itself is this.
    case none(Original)

    /// What became of an input that isn't what it was.
    enum Original: Equatable {
        /// Standard input, or another pipe.
        case once
        /// Its SHA-256 is this now.
        case changed(String)
        /// There is no such file, or it can't be opened.
        case gone
    }

    /// Looks for an input.
    ///
    /// - Parameters:
    ///   - source: what the run's ledger says of it.
    ///   - number: which input of the run it is, from 0.
    ///   - path: where it stood.
    ///   - directory: the run directory.
    /// - Throws: what reading throws.
    static func find(_ source: SourceSummary, _ number: Int, at path: String, in directory: String) throws -> Self {
        var original = Original.once
        if InputSource.isReadableAgain(path) {
            let found = try FileDigest.sha256(of: path)
            if found == source.sha256 { return .original }
            original = found.map { .changed($0) } ?? .gone
        }
        let copy = directory + "/" + InputCopy.name(number)
        return try FileDigest.sha256(inside: copy) == source.sha256 ? .copy(copy, original) : .none(original)
    }
}
