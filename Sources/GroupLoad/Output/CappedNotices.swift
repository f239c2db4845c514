/// Notes the first remarks, and at the end how many more there were.
package struct CappedNotices {
    /// Remarks that are shown.
    package static let shownMax = 10
    private var count = 0
    private let note: (String) -> Void

    /// - Parameter note: receives each remark that is shown.
    package init(note: @escaping (String) -> Void) { self.note = note }

    /// Whether no more remarks are shown.
    package var isFull: Bool { count >= Self.shownMax }

    /// Counts a remark, and passes it on where it is one of the first.
    package mutating func add(_ remark: @autoclosure () -> String) {
        count += 1
        if count <= Self.shownMax { note(remark()) }
    }

    /// Says how many were not shown; nothing where all were.
    ///
    /// - Parameter what: what the others are, behind "and so many more".
    package func tellRest(_ what: String) {
        if count > Self.shownMax { note("and \(Shown.number(count - Self.shownMax)) more \(what)") }
    }
}
