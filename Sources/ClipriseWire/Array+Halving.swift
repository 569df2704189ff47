extension Array {
    /// The first position from which on something holds, found by halving; the end where it holds of none.
    ///
    /// - Parameter holds: Must hold of all elements behind one of which it holds.
    @inlinable
    public func startOfSuffix(where holds: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
