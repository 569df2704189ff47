/// An array that grows by chunks: appending never copies what is there, and at most one chunk stands half empty.
package struct ChunkedArray<Element: Sendable>: Sendable {
    private static var chunkLength: Int { 512 }
    private var chunks: [[Element]] = []
    package private(set) var count = 0

    package init() {}

    package mutating func append(_ element: Element) {
        if count % Self.chunkLength == 0 {
            chunks.append([])
            // The first chunk grows by itself, so that an account with few tasks stays small.
            if chunks.count > 1 { chunks[chunks.count - 1].reserveCapacity(Self.chunkLength) }
        }
        chunks[chunks.count - 1].append(element)
        count += 1
    }

    package subscript(index: Int) -> Element {
        get { chunks[index / Self.chunkLength][index % Self.chunkLength] }
        set { chunks[index / Self.chunkLength][index % Self.chunkLength] = newValue }
    }

    package var indices: Range<Int> { 0..<count }
}

/// Byte strings kept end to end in chunks, each found again by its offset.
struct ByteArena: Sendable {
    struct Reference: Sendable {
        var chunk: UInt32
        var start: UInt16
        var length: UInt16
    }

    private static let chunkLength = 16_384
    private var chunks: [[UInt8]] = []
    private var last: Reference?

    /// Keeps `bytes`, at most 16,384 of them; a string equal to the one kept before costs nothing.
    mutating func keep(_ bytes: [UInt8]) -> Reference {
        let bytes = bytes.prefix(Self.chunkLength)
        if let last, isSame(self[last], bytes) { return last }
        if chunks.last.map({ $0.count + bytes.count > Self.chunkLength }) ?? true {
            chunks.append([])
            if chunks.count > 1 { chunks[chunks.count - 1].reserveCapacity(Self.chunkLength) }
        }
        let reference = Reference(
            chunk: UInt32(chunks.count - 1), start: UInt16(chunks[chunks.count - 1].count), length: UInt16(bytes.count))
        chunks[chunks.count - 1].append(contentsOf: bytes)
        last = reference
        return reference
    }

    private func isSame(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Bool {
        left.withUnsafeBytes { left in
            right.withUnsafeBytes { right in
                guard left.count == right.count else { return false }
                // Eight bytes at a time: most prompts of a run differ early, and all of them pass here.
                var offset = 0
                while offset + 8 <= left.count {
                    let mine = left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    guard mine == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self) else { return false }
                    offset += 8
                }
                while offset < left.count {
                    guard left[offset] == right[offset] else { return false }
                    offset += 1
                }
                return true
            }
        }
    }

    subscript(reference: Reference) -> ArraySlice<UInt8> {
        chunks[Int(reference.chunk)][Int(reference.start)..<(Int(reference.start) + Int(reference.length))]
    }
}
