// Pieces of a text one behind another, in memory that is taken once.

extension String {
    public init(
        joining first: StaticString, _ second: UnsafeBufferPointer<UInt8>, _ third: StaticString,
        _ fourth: UnsafeBufferPointer<UInt8> = UnsafeBufferPointer(start: nil, count: 0), _ fifth: StaticString = ""
    ) {
        let length =
            first.utf8CodeUnitCount + second.count + third.utf8CodeUnitCount + fourth.count + fifth.utf8CodeUnitCount
        self.init(unsafeUninitializedCapacity: length) { text in
            text.fill(first.bytes, second, third.bytes, fourth, fifth.bytes)
        }
    }
}

extension [UInt8] {
    public init(
        joining first: StaticString, _ second: UnsafeBufferPointer<UInt8>, _ third: StaticString
    ) {
        let length = first.utf8CodeUnitCount + second.count + third.utf8CodeUnitCount
        // To copy them once more costs less than to have an array take memory that is to be filled.
        self = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: length) { bytes in
            let count = bytes.fill(first.bytes, second, third.bytes)
            return Array(UnsafeBufferPointer(rebasing: bytes[..<count]))
        }
    }
}

extension StaticString {
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: utf8Start, count: utf8CodeUnitCount)
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    // Unsafe: what is written is bounded by the memory that is lent here, and by nothing else.
    @inline(__always) fileprivate func fill(
        _ first: UnsafeBufferPointer<UInt8>, _ second: UnsafeBufferPointer<UInt8>, _ third: UnsafeBufferPointer<UInt8>,
        _ fourth: UnsafeBufferPointer<UInt8> = UnsafeBufferPointer(start: nil, count: 0),
        _ fifth: UnsafeBufferPointer<UInt8> = UnsafeBufferPointer(start: nil, count: 0)
    ) -> Int {
        guard let start = baseAddress else { return 0 }
        return start.appending(first).appending(second).appending(third).appending(fourth).appending(fifth) - start
    }
}

extension UnsafeMutablePointer<UInt8> {
    /// - Returns: Where the next piece goes.
    @inline(__always) fileprivate func appending(_ piece: UnsafeBufferPointer<UInt8>) -> Self {
        guard let start = piece.baseAddress else { return self }
        initialize(from: start, count: piece.count)
        return self + piece.count
    }
}
