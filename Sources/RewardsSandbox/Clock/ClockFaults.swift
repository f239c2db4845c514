/// In what the clock behind `createdOn` deviates from the machine's, and what is shown of it; milliseconds throughout.
package struct ClockFaults: Sendable, Equatable {
    /// The machine's clock, shown as it is.
    package static let none = ClockFaults()
    /// The longest duration of a part: a day.
    private static let millisecondsMax: Int64 = 86_400_000

    /// `createdOn` is a multiple of it everywhere.
    private(set) var grain: Int64 = 1
    /// `createdOn` is a multiple of it in lists and reads, though not in the response to a create.
    private(set) var listGrain: Int64 = 1
    /// Whether a grain rounds; otherwise it cuts.
    private(set) var isRounded = false
    /// How far `createdOn` is ahead of the machine's clock.
    private(set) var skew: Int64 = 0
    /// How far the `Date` header is ahead of `createdOn`'s clock.
    private(set) var dateLead: Int64 = 0
    /// How far each further node is behind the first.
    private(set) var nodeLags: [Int64] = []
    /// How far the clock jumps once ``stepAfter`` creates are stored.
    private(set) var step: Int64 = 0
    private(set) var stepAfter = 0
    /// What the response to a create says of `createdBy`; nil for who it was.
    private(set) var createdBy: Int64?

    private init() {}

    /// Reads `grain=1s`, `list-grain=1s`, `round`, `skew=+5s`, `date=-2s`, `nodes=20ms:40ms`, `step=-2s@200` and
    /// `created-by=0`, with commas between.
    /// - Throws: ``SandboxError`` with the code `configuration`: an unknown part, one given twice, or a value of
    ///   another form.
    package init(_ text: String) throws(SandboxError) {
        var names: Set<String> = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(sides[0])
            guard names.insert(name).inserted, set(name, to: sides.count == 2 ? sides[1] : nil) else {
                throw .configuration(
                    "clock \(part.prefix(40)) can't be read, or is given twice; write grain=1s, list-grain=1s, round, "
                        + "skew=+5s, date=+2s, nodes=20ms:40ms, step=500ms@200 or created-by=0, of at most a day")
            }
        }
    }

    /// - Returns: whether the part is known and its value has the form that it takes.
    private mutating func set(_ name: String, to value: Substring?) -> Bool {
        guard let value else {
            isRounded = name == "round"
            return isRounded
        }
        if name == "step" { return setStep(value) }
        if name == "created-by" {
            createdBy = Int64(value)
            return createdBy != nil
        }
        if name == "nodes" {
            let lags = value.split(separator: ":", omittingEmptySubsequences: false).map(Self.milliseconds)
            nodeLags = lags.compactMap(\.self)
            return nodeLags.count == lags.count && lags.count <= 16
        }
        guard let count = Self.milliseconds(value) else { return false }
        switch name {
        case "grain" where count > 0: grain = count
        case "list-grain" where count > 0: listGrain = count
        case "skew": skew = count
        case "date": dateLead = count
        default: return false
        }
        return true
    }

    private mutating func setStep(_ value: Substring) -> Bool {
        let sides = value.split(separator: "@", omittingEmptySubsequences: false)
        guard sides.count == 2, let count = Self.milliseconds(sides[0]), let after = Int(sides[1]), after >= 0 else {
            return false
        }
        (step, stepAfter) = (count, after)
        return true
    }

    /// Reads `500ms`, `+2s` or `-1m`, at most a day either way.
    static func milliseconds(_ text: Substring) -> Int64? {
        let units: [(suffix: String, milliseconds: Int64)] = [("ms", 1), ("s", 1000), ("m", 60_000)]
        guard let unit = units.first(where: { text.hasSuffix($0.suffix) }),
            let count = Int64(text.dropLast(unit.suffix.count))
        else { return nil }
        let (milliseconds, isTooLong) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return isTooLong || milliseconds.magnitude > millisecondsMax.magnitude ? nil : milliseconds
    }

    /// An instant as a multiple of a grain.
    func cut(_ milliseconds: Int64, to grain: Int64) -> Int64 {
        let shifted = isRounded ? milliseconds + grain / 2 : milliseconds
        return shifted - (shifted % grain + grain) % grain
    }
}
