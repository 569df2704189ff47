/// Reads the framing of a chunked body as RFC 9112 §7.1 has it, byte by byte as it comes.
///
/// libmicrohttpd takes more: a line that ends with LF alone or with what is no line end, control characters and NUL bytes
/// in what stands behind a size, and trailers that it hides. Whoever reads on elsewhere sees another body then, so all of
/// that is refused. Lenient only as heads are: a trailer may end with LF alone.
struct ChunkScan {
    enum Finding: Hashable, Sendable {
        /// More must come.
        case open
        /// The body is over; what comes is the next request.
        case over
        case malformedChunk
        case malformedTrailer
        /// The announced chunks are longer than a body may be.
        case tooLong
    }

    private enum Place {
        case size, extension_, sizeEnd, data, dataCR, dataLF
        case lineStart, name, value, valueEnd, lastLF
    }

    /// The longest line of a size with what stands behind it; bytes.
    static let longestLine = 1_024

    private(set) var finding = Finding.open
    /// Bytes that came behind the body.
    private(set) var surplus = 0
    private let limit: Int
    private var place = Place.size
    /// Bytes of the line so far.
    private var lineLength = 0
    /// The size of the chunk, then what is left of it; bytes.
    private var size = 0
    /// The sum of all chunks; bytes.
    private var total = 0

    /// - Parameter limit: The most bytes of the body.
    init(limit: Int) { self.limit = limit }

    /// Takes what came next.
    mutating func take(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index < bytes.count, finding == .open {
            if place == .data {
                let step = min(size, bytes.count - index)
                size -= step
                index += step
                if size == 0 { place = .dataCR }
            } else {
                take(bytes[index])
                index += 1
            }
        }
        if finding == .over { surplus += bytes.count - index }
    }

    private mutating func take(_ byte: UInt8) {
        switch place {
        case .size, .extension_, .sizeEnd: takeOfSize(byte)
        case .dataCR: expect(byte, CR, then: .dataLF)
        case .dataLF:
            expect(byte, LF, then: .size)
            lineLength = 0
        case .data: break
        case .lineStart, .name, .value, .valueEnd, .lastLF: takeOfTrailer(byte)
        }
    }

    private mutating func expect(_ byte: UInt8, _ expected: UInt8, then next: Place) {
        if byte == expected { place = next } else { finding = .malformedChunk }
    }

    private mutating func takeOfSize(_ byte: UInt8) {
        lineLength += 1
        guard lineLength <= Self.longestLine else { return finding = .malformedChunk }
        if place == .sizeEnd {
            guard byte == LF else { return finding = .malformedChunk }
            return beginChunk()
        }
        if place == .size, let digit = Self.hexValue(byte) {
            // A number that wrapped would announce too little.
            size = min(size << 4 | digit, Int.max >> 5)
        } else if byte == CR, lineLength > 1 {
            place = .sizeEnd
        } else if place == .size {
            guard byte == UInt8(ascii: ";"), lineLength > 1 else { return finding = .malformedChunk }
            place = .extension_
        } else if byte < 0x20 && byte != HT || byte == 0x7F {
            finding = .malformedChunk
        }
    }

    private mutating func beginChunk() {
        guard size > 0 else { return place = .lineStart }
        total = min(total + size, Int.max >> 5)
        if total > limit { finding = .tooLong } else { place = .data }
    }

    private mutating func takeOfTrailer(_ byte: UInt8) {
        switch (place, byte) {
        case (.lineStart, CR): place = .lastLF
        case (.lineStart, LF), (.lastLF, LF): finding = .over
        case (.lineStart, _) where Self.isOfToken(byte): place = .name
        case (.name, UInt8(ascii: ":")): place = .value
        case (.name, _) where Self.isOfToken(byte): break
        case (.value, LF), (.valueEnd, LF): place = .lineStart
        case (.value, CR): place = .valueEnd
        case (.value, 1...): break
        default: finding = .malformedTrailer
        }
    }

    private static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x37
        case 0x61...0x66: Int(byte) - 0x57
        default: nil
        }
    }

    /// RFC 9110 §5.6.2.
    private static func isOfToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x5E...0x7A, 0x7C, 0x7E, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }
}

private let CR: UInt8 = 13
private let LF: UInt8 = 10
private let HT: UInt8 = 9
