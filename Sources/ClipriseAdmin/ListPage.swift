/// A part of a list: entries from the 0-based `start` on, at most `limit`.
public struct ListPage: Sendable, Hashable {
    public var start: Int
    public var limit: Int

    /// The indices of the page in a list of `count`.
    public func range(in count: Int) -> Range<Int> {
        let first = min(start, count)
        return first..<min(count, first + min(limit, count))
    }
}
