import Synchronization

/// The copies of a run's inputs, which are written while those are read. They take the places of earlier copies once it
/// is known that the inputs are what the run had read of them; else they are removed.
package final class InputCopies: Sendable {
    private let directory: String
    private let ended = Mutex<[EndedCopy]>([])

    /// Copies go into this directory, which is the run's.
    package init(directory: String) { self.directory = directory }

    /// Begins the copy of an input, by its number from 0.
    func begin(_ number: Int) -> InputCopy { InputCopy(number, in: directory) }

    /// Adds the copy of the input that was read next.
    func add(_ copy: EndedCopy) { ended.withLock { $0.append(copy) } }

    /// Gives the copies their names, and says of each input, in their order, what became of its copy.
    package func place() -> [KeptInput] { ended.withLock { $0.map { $0.place() } } }
}

/// A copy that is written, and has no name yet; or why there is none.
package struct EndedCopy: Sendable {
    var name = ""
    var file: SealedFile?
    /// Why there is none although the input was read to its end.
    var reason: String?

    /// Gives it its name, in place of an earlier copy.
    package func place() -> KeptInput {
        guard let file else { return KeptInput(reason: reason) }
        do throws(RunError) { try file.place() } catch { return KeptInput(reason: error.message) }
        return KeptInput(file: name)
    }
}
