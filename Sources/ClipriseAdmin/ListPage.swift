/// A part of a list: entries from the 0-based `start` on, at most `limit`.
package struct ListPage: Sendable, Hashable {
    package var start: Int
    package var limit: Int

    /// The indices of the page in a list of `count`.
    package func range(in count: Int) -> Range<Int> {
        let first = min(start, count)
        return first..<min(count, first + min(limit, count))
    }
}
