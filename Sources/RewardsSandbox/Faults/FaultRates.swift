/// How often each kind of fault strikes: the probability of a request that the kind can strike, above 0 and at most 1.
package struct FaultRates: Sendable, Equatable {
    /// In the order of ``FaultKind/allCases``.
    let rates: [(kind: FaultKind, probability: Double)]

    /// No faults.
    package static let none = FaultRates(probabilities: [:])

    /// Rates by kind.
    /// - Parameter probabilities: from 0, which leaves the kind out, to 1.
    package init(probabilities: [FaultKind: Double]) {
        rates = FaultKind.allCases.compactMap { kind in
            guard let probability = probabilities[kind], probability > 0 else { return nil }
            return (kind, min(probability, 1))
        }
    }

    /// Reads `KIND=P,KIND=P`, each P a probability (`0.1`) or a percentage (`10%`).
    /// - Throws: ``SandboxError`` with the code `configuration`: an unknown kind, one named twice, or a P that is no
    ///   probability.
    package init(_ text: String) throws(SandboxError) {
        var probabilities: [FaultKind: Double] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let kind = FaultKind(rawValue: String(sides[0])) else {
                let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw .configuration("fault \(part.prefix(40)) is of no known kind; the kinds are \(kinds)")
            }
            guard probabilities[kind] == nil else {
                throw .configuration("fault \(kind.rawValue) is given twice; give it once")
            }
            guard sides.count == 2, let probability = Self.probability(sides[1]) else {
                throw .configuration(
                    "fault \(part.prefix(40)) has no probability; write \(kind.rawValue)=0.1 or \(kind.rawValue)=10%")
            }
            probabilities[kind] = probability
        }
        self.init(probabilities: probabilities)
    }

    package static func == (left: FaultRates, right: FaultRates) -> Bool {
        left.rates.elementsEqual(right.rates) { $0 == $1 }
    }

    /// Only digits and one point, so that neither `nan`, `1e-3` nor `0x1` is a probability.
    private static func probability(_ text: Substring) -> Double? {
        let isPercentage = text.last == "%"
        let digits = isPercentage ? text.dropLast() : text
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 }),
            let number = Double(digits)
        else { return nil }
        let probability = isPercentage ? number / 100 : number
        return probability <= 1 ? probability : nil
    }
}
