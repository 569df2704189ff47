extension String {
    /// Pieces of a text one behind another, in memory that is taken once.
    public init(
        joining first: StaticString, _ second: UnsafeBufferPointer<UInt8>, _ third: StaticString,
        _ fourth: UnsafeBufferPointer<UInt8> = UnsafeBufferPointer(start: nil, count: 0), _ fifth: StaticString = ""
    ) {
        func bytes(_ literal: StaticString) -> UnsafeBufferPointer<UInt8> {
            UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount)
        }
        let length =
            first.utf8CodeUnitCount + second.count + third.utf8CodeUnitCount + fourth.count + fifth.utf8CodeUnitCount
        // Unsafe: what is written is bounded by the memory that is lent here, and by nothing else.
        self.init(unsafeUninitializedCapacity: length) { text in
            var end = 0
            func append(_ piece: UnsafeBufferPointer<UInt8>) {
                let place = UnsafeMutableBufferPointer(rebasing: text[end..<(end + piece.count)])
                _ = place.initialize(fromContentsOf: piece)
                end += piece.count
            }
            append(bytes(first))
            append(second)
            append(bytes(third))
            append(fourth)
            append(bytes(fifth))
            return end
        }
    }
}
