/// A text to look for in others, exactly.
///
/// Most places are passed over by whole lengths of the text: a byte that it does not have rules out all places that
/// take this byte in.
public struct ByteSearch: Sendable {
    private let needle: [UInt8]
    /// A bit for the low six bits of each of its bytes.
    private let bytes: UInt64

    /// Bytes of the text.
    public var count: Int { needle.count }

    /// - Parameter needle: Not empty.
    public init(_ needle: [UInt8]) {
        precondition(!needle.isEmpty, "there must be something to look for")
        self.needle = needle
        bytes = needle.withUnsafeBufferPointer { needle in
            var bytes: UInt64 = 0
            for byte in needle { bytes |= 1 &<< UInt64(byte & 63) }
            return bytes
        }
    }

    public func isFound(in text: [UInt8]) -> Bool {
        text.withUnsafeBufferPointer { isFound(in: $0) }
    }

    public func isFound(in text: UnsafeBufferPointer<UInt8>) -> Bool { first(in: text) != nil }

    /// Where the text begins for the first time; nil when it is not there.
    public func first(in text: UnsafeBufferPointer<UInt8>) -> Int? {
        needle.withUnsafeBufferPointer { needle in
            let last = needle.count &- 1
            var end = last
            search: while end < text.count {
                let byte = text[end]
                guard bytes & (1 &<< UInt64(byte & 63)) != 0 else {
                    end &+= needle.count
                    continue
                }
                defer { end &+= 1 }
                guard byte == needle[last] else { continue }
                let start = end &- last
                for offset in 0..<last where text[start &+ offset] != needle[offset] { continue search }
                return start
            }
            return nil
        }
    }
}
