/// How far the numbers of a fitted backoff may be off: what else explains the waits nearly as well.
///
/// Of n draws from 0 to a height only the longest shows the height. Twenty waits in rows of four or five are four or five
/// draws of each height, so that a bare number would say more than is known.
public struct FitSpread: Sendable, Hashable {
    /// In seconds.
    public var base: ClosedRange<Double>
    /// Nil for what has no factor.
    public var factor: ClosedRange<Double>?
    /// In seconds; nil where no explanation has a cap.
    public var cap: ClosedRange<Double>?
    /// Whether there may as well be no cap.
    public var mayLackCap = false

    /// Takes in what another explanation allows.
    mutating func join(_ other: Self) {
        base = base.joined(other.base)
        if let theirs = other.factor { factor = factor?.joined(theirs) }
        if let theirs = other.cap { cap = cap?.joined(theirs) ?? theirs } else { mayLackCap = true }
    }
}

extension ClosedRange<Double> {
    fileprivate func joined(_ other: Self) -> Self {
        Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
    }

    /// Whether a number that stands for the range may be off by more than a fifth.
    func isFar(from value: Double) -> Bool { upperBound > 1.2 * value || lowerBound < 0.8 * value }
}
