/// Finds a small part of a list that still has a property that the whole has (Zeller and Hildebrandt's ddmin).
package enum DeltaDebugging {
    /// A list from which no single element can be left out without losing the property, as far as the tries reach.
    ///
    /// - Parameters:
    ///   - tries: Counted down with each test; at 0 the best so far is the answer.
    ///   - holds: Whether a list has the property. The whole list must.
    package static func minimise<Element>(
        _ list: [Element], tries: inout Int, _ holds: ([Element]) throws -> Bool
    ) rethrows -> [Element] {
        var list = list
        if tries > 0, !list.isEmpty {
            tries -= 1
            if try holds([]) { return [] }
        }
        var pieces = 2
        while list.count >= 2, tries > 0 {
            let size = (list.count + pieces - 1) / pieces
            var smaller: [Element]?
            for start in stride(from: 0, to: list.count, by: size) where tries > 0 {
                let rest = Array(list[..<start] + list[min(start + size, list.count)...])
                guard rest.count < list.count else { continue }
                tries -= 1
                if try holds(rest) {
                    smaller = rest
                    break
                }
            }
            if let smaller {
                list = smaller
                pieces = max(2, pieces - 1)
            } else if size == 1 {
                break
            } else {
                pieces = min(list.count, pieces * 2)
            }
        }
        return list
    }
}
