/// Tells the first remarks, and at the end how many more there were.
struct CappedNotices {
    private static let shownMax = 10
    private var count = 0
    private let note: (String) -> Void

    init(note: @escaping (String) -> Void) { self.note = note }

    mutating func add(_ remark: @autoclosure () -> String) {
        count += 1
        if count <= Self.shownMax { note(remark()) }
    }

    /// - Parameter what: what the others are, behind "and so many more".
    func tellRest(_ what: String) {
        if count > Self.shownMax { note("and \(count - Self.shownMax) more \(what)") }
    }
}
