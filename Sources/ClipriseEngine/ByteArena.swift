internal import ClipriseWire

/// Byte strings kept end to end in chunks, each found again by its offset.
struct ByteArena: Sendable {
    struct Reference: Sendable {
        var chunk: UInt32
        var start: UInt16
        var length: UInt16
    }

    private static let chunkLength = 16_384
    private var chunks: [[UInt8]] = []
    /// Chunks that were let go.
    private var freed = 0
    private var last: Reference?

    /// Keeps `bytes`, at most 16,384 of them; a string equal to the one kept before costs nothing.
    mutating func keep(_ bytes: [UInt8]) -> Reference { bytes.withUnsafeBytes { keep($0) } }

    mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Reference {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.chunkLength))
        if let last, isSame(last, bytes) { return last }
        if chunks.last.map({ $0.count + bytes.count > Self.chunkLength }) ?? true {
            chunks.append([])
            if chunks.count > 1 { chunks[chunks.count - 1].reserveCapacity(Self.chunkLength) }
        }
        let reference = Reference(
            chunk: UInt32(freed + chunks.count - 1), start: UInt16(chunks[chunks.count - 1].count),
            length: UInt16(bytes.count))
        chunks[chunks.count - 1].append(contentsOf: bytes)
        chunks[chunks.count - 1].prefetchEnd(bytes.count)
        last = reference
        return reference
    }

    /// Lets go of what was kept before `reference`, as far as it fills chunks; nil stands for all that was kept.
    mutating func forget(before reference: Reference?) {
        let count = (reference.map { Int($0.chunk) } ?? freed + chunks.count - 1) - freed
        guard count > 0 else { return }
        chunks.removeFirst(count)
        freed += count
    }

    private func isSame(_ reference: Reference, _ right: UnsafeRawBufferPointer) -> Bool {
        guard Int(reference.length) == right.count else { return false }
        return self[reference].withUnsafeBytes { left in
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

    subscript(reference: Reference) -> ArraySlice<UInt8> {
        chunks[Int(reference.chunk) - freed][Int(reference.start)..<(Int(reference.start) + Int(reference.length))]
    }
}
