internal import ClipriseLocks

/// Hands pieces to a caller, and remembers the last of them: what was sent cannot be looked at again, but whether a file
/// ends where files of its kind end can be known.
final class StreamTarget: DownloadTarget {
    private let consume: @Sendable ([UInt8]) async throws -> Void
    private let tail = Locked<[UInt8]>([])

    init(consume: @escaping @Sendable ([UInt8]) async throws -> Void) { self.consume = consume }

    var canRestart: Bool { false }

    func write(_ bytes: [UInt8]) async throws {
        try await consume(bytes)
        tail.withLock { tail in
            let last = bytes.suffix(FileEnd.length)
            if last.count == FileEnd.length {
                tail = Array(last)
            } else {
                tail = Array((tail + last).suffix(FileEnd.length))
            }
        }
    }

    func restart() {}

    func defect(kind: FileKind) -> FileDefect? {
        let end = tail.withLock(\.self)
        return FileEnd.isMissing(in: end, kind: kind) ? .cut : nil
    }
}

/// The ends of files, where their kind has one.
enum FileEnd {
    /// The most bytes before the end that matter.
    static let length = 1_024

    /// The last chunk, with its checksum (ISO/IEC 15948 §11.2.5).
    private static let png: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

    /// Whether bytes that end a file of a kind are not among the last ones of a file; false for kinds without such an end,
    /// and for a zip with a long comment.
    static func isMissing(in tail: [UInt8], kind: FileKind) -> Bool {
        switch kind {
        case .png: tail.suffix(png.count) != png[...]
        case .jpeg: !has(tail, [0xFF, 0xD9])
        case .zip: !has(tail, [0x50, 0x4B, 0x05, 0x06])
        default: false
        }
    }

    private static func has(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
        guard bytes.count >= mark.count else { return false }
        return (0...(bytes.count - mark.count)).contains { bytes[$0..<($0 + mark.count)].elementsEqual(mark) }
    }
}
