internal import ClipriseWire

/// Byte strings kept end to end in chunks, each found again by its offset.
///
/// A chunk whose strings are all at rest, and which is not among the newest, is kept compressed.
struct ByteArena: Sendable {
    struct Reference: Sendable {
        var chunk: UInt32
        var start: UInt16
        var length: UInt16
    }

    struct Chunk: Sendable {
        var bytes: [UInt8] = []
        /// How many bytes they are when they are not compressed; nil while they are not.
        var fullLength: Int?
        /// Whether nothing is gained by it.
        var isDense = false
        /// Strings that are looked at often.
        var busy = 0
    }

    private static let chunkLength = 16_384
    /// How many chunks are left as they are, whatever becomes of their strings.
    private static let newest = 4
    private(set) var chunks: [Chunk] = []
    /// Chunks that were let go.
    private var freed = 0
    private var last: Reference?
    /// Memory for the next chunk.
    private var spare: [UInt8] = []
    /// The chunk that was last looked at among those that are compressed.
    private var opened: (chunk: UInt32, bytes: [UInt8])?

    /// Keeps `bytes`, at most 16,384 of them; a string equal to the one kept before costs nothing.
    ///
    /// It is busy until it is laid to rest.
    mutating func keep(_ bytes: [UInt8]) -> Reference { bytes.withUnsafeBytes { keep($0) } }

    mutating func keep(_ bytes: UnsafeRawBufferPointer) -> Reference {
        let bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(Self.chunkLength))
        if let last, isSame(last, bytes) {
            chunks[chunks.count - 1].busy += 1
            return last
        }
        if chunks.last.map({ $0.bytes.count + bytes.count > Self.chunkLength }) ?? true { addChunk() }
        let place = chunks.count - 1
        let reference = Reference(
            chunk: UInt32(freed + place), start: UInt16(chunks[place].bytes.count), length: UInt16(bytes.count))
        chunks[place].bytes.append(contentsOf: bytes)
        chunks[place].bytes.prefetchEnd(bytes.count)
        chunks[place].busy += 1
        last = reference
        return reference
    }

    private mutating func addChunk() {
        chunks.append(Chunk())
        compress(chunks.count - 1 - Self.newest)
        swap(&chunks[chunks.count - 1].bytes, &spare)
        if chunks.count > 1 { chunks[chunks.count - 1].bytes.reserveCapacity(Self.chunkLength) }
    }

    /// Lays a string to rest, as often as it was kept.
    mutating func rest(_ reference: Reference) {
        let place = Int(reference.chunk) - freed
        guard chunks.indices.contains(place) else { return }
        chunks[place].busy -= 1
        if chunks[place].busy == 0 { compress(place) }
    }

    private mutating func compress(_ place: Int) {
        guard place >= 0, place < chunks.count - Self.newest, chunks[place].busy == 0, !chunks[place].isDense,
            chunks[place].fullLength == nil
        else { return }
        guard let compressed = CompressedBytes.compress(chunks[place].bytes) else {
            chunks[place].isDense = true
            return
        }
        chunks[place].fullLength = chunks[place].bytes.count
        swap(&chunks[place].bytes, &spare)
        spare.removeAll(keepingCapacity: true)
        chunks[place].bytes = compressed
    }

    /// Lets go of what was kept before `reference`, as far as it fills chunks; nil stands for all that was kept.
    mutating func forget(before reference: Reference?) {
        let count = (reference.map { Int($0.chunk) } ?? freed + chunks.count - 1) - freed
        guard count > 0 else { return }
        chunks.removeFirst(count)
        freed += count
    }

    /// The last string lies in the last chunk, which is never compressed.
    private func isSame(_ reference: Reference, _ right: UnsafeRawBufferPointer) -> Bool {
        guard Int(reference.length) == right.count else { return false }
        return chunks[chunks.count - 1].bytes[reference.range].withUnsafeBytes { left in
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

    /// A string that was kept; whoever looks at many should do it in their order.
    subscript(reference: Reference) -> ArraySlice<UInt8> {
        mutating get {
            let place = Int(reference.chunk) - freed
            guard let length = chunks[place].fullLength else { return chunks[place].bytes[reference.range] }
            if let opened, opened.chunk == reference.chunk { return opened.bytes[reference.range] }
            let bytes = CompressedBytes.expand(chunks[place].bytes, to: length)
            opened = (reference.chunk, bytes)
            return bytes[reference.range]
        }
    }
}

extension ByteArena.Reference {
    fileprivate var range: Range<Int> { Int(start)..<(Int(start) + Int(length)) }
}
