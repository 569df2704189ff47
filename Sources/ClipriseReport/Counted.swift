/// What is counted where it comes again.
protocol Counted {
    associatedtype Kind: Hashable

    /// What is equal for those that are counted as one.
    var kind: Kind { get }
    var count: Int { get set }
}

extension Counted {
    /// Those of a kind as one, most frequent first; of equally many the first that was met.
    static func merge(_ all: [Self]) -> [Self] {
        var places: [Kind: Int] = [:]
        var merged: [Self] = []
        for one in all {
            if let place = places[one.kind] {
                merged[place].count += one.count
            } else {
                places[one.kind] = merged.count
                merged.append(one)
            }
        }
        return merged.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }.map(
            \.element)
    }
}
