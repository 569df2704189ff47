internal import ClipriseCatalog
internal import ClipriseWire

/// Lets through what costs nothing, and beyond that only what the cap still allows.
///
/// What a probe says of itself is not trusted: every body is held against the catalogue in every edition.
struct Leash {
    let catalog: Catalog
    let cap: Int64
    /// The credits that were at stake in what was sent.
    private(set) var spent: Int64 = 0

    init(_ catalog: Catalog, cap: Int64) {
        self.catalog = catalog
        self.cap = cap
    }

    /// The most that a probe can cost.
    func price(of probe: Probe) -> Int64 {
        guard probe.method == .post, probe.usesKey else { return probe.stake }
        let policies = [
            CheckPolicy(), CheckPolicy(takesRootOnly: true), CheckPolicy(requiresOptions: true, requiresTwins: true),
        ]
        return policies.reduce(probe.stake) { most, policy in
            guard case .success(let order) = catalog.check(probe.body, policy: policy) else { return most }
            return max(most, order.credits)
        }
    }

    /// Takes the price of a probe from what is left; false when it does not suffice.
    mutating func allows(_ probe: Probe) -> Bool {
        let price = price(of: probe)
        guard price > 0 else { return true }
        guard price <= cap - spent else { return false }
        spent += price
        return true
    }
}
