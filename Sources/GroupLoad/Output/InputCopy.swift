import Foundation
import RecordFormats

/// The copy of an input in the run directory, compressed with zstd, so that a run can be proved after its list was
/// replaced: written while the input is read, whole or not at all.
///
/// Nothing depends on it: where it can't be written, or the disk is short of room, it is dropped, and says why.
package final class InputCopy {
    /// Bytes that must stay free on the disk; below that the copy makes way for the ledger and the report.
    private static let freeBytesMin: Int64 = 64 << 20
    /// Bytes of the input after which the free room is looked at again.
    private static let lookBytes = 8 << 20
    /// A level that costs little beside reading: `zstd -1`.
    private static let level: CInt = 1

    private let path: String
    private let number: Int
    private let freeBytes: (String) -> Int64?
    private var file: AtomicFile?
    private var reason: String?
    /// Bytes until the free room is looked at again.
    private var untilLook = 0

    /// Begins the copy of an input.
    ///
    /// - Parameters:
    ///   - number: which input of the run, from 0.
    ///   - directory: the run directory.
    ///   - freeBytes: says how many bytes are free on the disk of a path; nil where that isn't known.
    package init(
        _ number: Int, in directory: String, freeBytes: @escaping (String) -> Int64? = SystemCall.freeBytes
    ) {
        self.number = number
        self.freeBytes = freeBytes
        path = directory + "/" + Self.name(number)
        do throws(RunError) { file = try AtomicFile(path, level: Self.level) } catch { drop(error.message) }
    }

    /// The name of the copy of an input in its run directory, by the input's number from 0.
    package static func name(_ number: Int) -> String { "input-\(number + 1).zst" }

    /// Whether a file of a run directory is such a copy.
    static func isName(_ name: String) -> Bool { name.wholeMatch(of: /input-[1-9][0-9]*\.zst/) != nil }

    /// Whether a file of a run directory is a part of such a copy that was not finished, see ``AtomicFile``.
    static func isPart(_ name: String) -> Bool {
        name.wholeMatch(of: /\.input-[1-9][0-9]*\.zst\.[0-9a-f]{16}\.part/) != nil
    }

    /// Adds what was read next.
    package func append(_ chunk: [UInt8]) {
        guard let file else { return }
        untilLook -= chunk.count
        if untilLook < 0 {
            untilLook = Self.lookBytes
            if let free = freeBytes(path), free < Self.freeBytesMin {
                return drop("less than \(Self.freeBytesMin >> 20) MiB are free on its disk")
            }
        }
        do { try file.append { $0.bytes.append(contentsOf: chunk) } } catch { drop(error) }
    }

    /// Ends the copy, which has no name yet.
    ///
    /// - Parameter isWhole: whether the input was read to its end; else there is no copy.
    package func end(isWhole: Bool) -> EndedCopy {
        defer { file = nil }
        guard isWhole else { return EndedCopy() }
        var sealed: SealedFile?
        do throws(RunError) { sealed = try file?.seal() } catch { drop(error.message) }
        return EndedCopy(name: Self.name(number), file: sealed, reason: reason)
    }

    private func drop(_ error: any Error) { drop((error as? RunError)?.message ?? "\(error)") }

    private func drop(_ reason: String) {
        self.reason = reason
        file = nil
    }
}
