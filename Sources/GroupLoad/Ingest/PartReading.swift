import Foundation
import RecordFormats

/// How a source is decoded in parts, several at once.
package struct PartReading: Sendable, Equatable {
    /// Parts that are decoded at once, at least 1.
    package var atOnce: Int
    /// The bytes of a part at least; it ends where a record may.
    package var bytesMin: Int

    /// How parts are read, of 64 KiB each, as chunks are, where nothing else is given.
    package init(atOnce: Int, bytesMin: Int = 1 << 16) {
        self.atOnce = atOnce
        self.bytesMin = bytesMin
    }

    /// What this machine's cores are worth; nil on two, which the one task that reads and the one that takes fill.
    package static let ofMachine = PartReading(cores: ProcessInfo.processInfo.activeProcessorCount)

    /// Parts that the one task that takes is as fast as.
    private static let atOnceMax = 6

    /// What so many cores are worth.
    package init?(cores: Int) {
        guard cores > 2 else { return nil }
        self.init(atOnce: min(cores - 2, Self.atOnceMax))
    }
}

/// Cuts a text into parts, without a copy.
struct PartCutter {
    /// A part.
    struct Part {
        /// Its bytes, in order.
        let text: [ArraySlice<UInt8>]
        /// Whether it ends where a record may.
        let isWhole: Bool
    }

    /// The bytes at which a part ends where no record does: what is so long is no list.
    private static let bytesMax = 1 << 21

    let bytesMin: Int
    let border: PartBorder
    private var text: [ArraySlice<UInt8>] = []
    private var count = 0

    init(bytesMin: Int, border: PartBorder) {
        self.bytesMin = bytesMin
        self.border = border
    }

    /// Adds what comes next of the text.
    /// - Returns: the next part, where it is whole.
    mutating func add(_ chunk: [UInt8]) -> Part? {
        text.append(chunk[...])
        count += chunk.count
        guard count >= bytesMin else { return nil }
        guard let end = border.last(in: chunk) else {
            return count >= Self.bytesMax ? Part(text: rest(), isWhole: false) : nil
        }
        text[text.count - 1] = chunk[..<end]
        let part = Part(text: text, isWhole: true)
        let left = chunk[end...]
        text = left.isEmpty ? [] : [left]
        count = left.count
        return part
    }

    /// Adds what comes next of the text.
    /// - Returns: all that is left, wherever it ends.
    mutating func addUncut(_ chunk: [UInt8]) -> Part {
        text.append(chunk[...])
        return Part(text: rest(), isWhole: false)
    }

    /// What is left at the end of the text; empty for nothing.
    mutating func rest() -> [ArraySlice<UInt8>] {
        defer { (text, count) = ([], 0) }
        return text
    }
}
