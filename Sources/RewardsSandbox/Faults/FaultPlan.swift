/// Decides which fault strikes a request, from the seed and the request's own content alone.
///
/// The order in which requests of several connections arrive is chance; what each of them says is not, nor how often
/// the same was said before. So a client that says the same again meets the same faults, whatever its concurrency.
/// Each kind draws by itself: to leave one out does not move where the others strike. Where several would strike, the
/// one whose draw is the smallest part of its probability does, so with many kinds on, each strikes slightly less
/// often than its probability says.
package struct FaultPlan: Sendable {
    private let rates: FaultRates
    private let seed: UInt64

    /// A plan that a seed decides.
    package init(rates: FaultRates, seed: UInt64) {
        self.rates = rates
        self.seed = seed
    }

    /// The fault that strikes a request, or `nil`.
    /// - Parameters:
    ///   - content: a hash of what the request says (``ContentHash``).
    ///   - occurrence: how many requests of this content came before.
    ///   - name: a hash of the group's name in the body, which decides alone whether a firewall strikes; that goes
    ///     first.
    ///   - canStrike: whether a kind makes sense for the request.
    package func fault(
        content: UInt64, occurrence: UInt64, name: UInt64 = 0, where canStrike: (FaultKind) -> Bool
    ) -> Fault? {
        var struck: (fault: Fault, depth: Double)?
        for (kind, probability) in rates.rates where canStrike(kind) {
            let isFirewall = kind == .firewall
            var hash = ContentHash(seed: seed)
            hash.update(kind.rawValue.utf8)
            hash.update(isFirewall ? name : content)
            hash.update(isFirewall ? 0 : occurrence)
            let bits = hash.finish()
            // The upper 53 bits make a Double from 0 up to, not including, 1.
            let depth = Double(bits >> 11) * 0x1p-53 / probability
            if isFirewall, depth < 1 { return Fault(kind: kind, choice: ContentHash.mixed(bits)) }
            if depth < 1, depth < struck?.depth ?? 1 {
                struck = (Fault(kind: kind, choice: ContentHash.mixed(bits)), depth)
            }
        }
        return struck?.fault
    }
}
