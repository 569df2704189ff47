internal import ClipriseWire

/// An array that grows by chunks: appending never copies what is there, and at most one chunk stands half empty.
///
/// What stands in front can be let go; all else keeps its index.
public struct ChunkedArray<Element: Sendable>: Sendable {
    private static var chunkLength: Int { 512 }
    private var chunks: [[Element]] = []
    /// The index at which the first chunk begins.
    private var base: Int
    /// The first index that is there.
    public private(set) var first: Int
    /// How many elements there ever were: one more than the last index.
    public private(set) var count: Int

    /// - Parameter first: The index of the first element to come; those before it were dropped.
    public init(first: Int = 0) {
        (base, self.first, count) = (first, first, first)
    }

    public mutating func append(_ element: consuming Element) {
        if (count - base) % Self.chunkLength == 0 {
            chunks.append([])
            // The first chunk grows by itself, so that an account with few tasks stays small.
            if chunks.count > 1 { chunks[chunks.count - 1].reserveCapacity(Self.chunkLength) }
        }
        chunks[chunks.count - 1].appendPrefetching(element)
        count += 1
    }

    /// Lets the first element go; there must be one.
    public mutating func removeFirst() {
        first += 1
        let whole = (first - base) / Self.chunkLength
        guard (first - base) % Self.chunkLength == 0 else { return }
        chunks[whole - 1] = []
        // The list of chunks itself is shortened when half of it is empty.
        guard whole > 8, whole * 2 > chunks.count else { return }
        chunks.removeFirst(whole)
        base += whole * Self.chunkLength
    }

    public subscript(index: Int) -> Element {
        get { chunks[(index - base) / Self.chunkLength][(index - base) % Self.chunkLength] }
        set { chunks[(index - base) / Self.chunkLength][(index - base) % Self.chunkLength] = newValue }
    }

    public var indices: Range<Int> { first..<count }
}
