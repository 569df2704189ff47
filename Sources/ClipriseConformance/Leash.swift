package import ClipriseCatalog
internal import ClipriseWire

/// Lets through what costs nothing, and beyond that only what the cap still allows.
///
/// What a probe says of itself is not trusted: every body is held against the catalogue in every edition.
struct Leash {
    let catalog: Catalog
    let cap: Int64
    /// What a probe counts as at least whose price is assumed; nil holds it back.
    let unpriced: Int64?
    /// The credits that were at stake in what was sent.
    private(set) var spent: Int64 = 0

    /// The most that a probe can cost, and whether that is a guess.
    private func price(of probe: Probe) -> (credits: Int64, isAssumed: Bool) {
        var (most, isAssumed) = (probe.stake, probe.isPriceAssumed)
        guard probe.method == .post, probe.usesKey else { return (most, isAssumed) }
        for order in catalog.orders(probe.body) {
            most = max(most, order.credits)
            isAssumed = isAssumed || catalog.models[order.model].isPriceAssumed(row: order.row)
        }
        return (most, isAssumed)
    }

    /// Takes the price of a probe from what is left.
    ///
    /// - Returns: Why it is not sent; nil when it may be.
    mutating func take(_ probe: Probe) -> String? {
        let (price, isAssumed) = price(of: probe)
        guard price > 0 else { return nil }
        var counted = price
        if isAssumed, cap > 0 {
            guard let unpriced else {
                return
                    "its price, \(DecimalText.count(price, "credit")), is assumed: --unpriced N counts it as N credits"
            }
            counted = max(price, unpriced)
        }
        guard counted <= cap - spent else {
            return "could cost \(DecimalText.count(counted, "credit")); --spend-cap leaves \(cap - spent)"
        }
        spent += counted
        return nil
    }
}

extension Catalog {
    /// What a body orders, in each edition that takes it.
    package func orders(_ body: [UInt8]) -> [Order] {
        let policies = [
            CheckPolicy(), CheckPolicy(takesRootOnly: true), CheckPolicy(requiresOptions: true, requiresTwins: true),
        ]
        return policies.compactMap { try? check(body, policy: $0).get() }
    }
}

extension Model {
    /// Whether what a row costs, or which row it is, is the catalogue's guess.
    package func isPriceAssumed(row: Int) -> Bool {
        price.rows[row].from == .assumed || price.rows[row].conditionsFrom == .assumed
    }
}
