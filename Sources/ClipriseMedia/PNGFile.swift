internal import CZlib

/// Writes a card as a PNG file (ISO/IEC 15948): 8-bit RGB, or RGBA where the background is transparent.
///
/// Nearly all rows of a card equal the row above. Such a row, filtered with "Up", is all zeros; blocks of them are
/// compressed once and the compressed bytes repeated, so the time depends on the width and hardly on the height.
func pngFile(of card: Card, metadata: Metadata) throws(MediaError) -> [UInt8] {
    let hasAlpha = card.palette[Card.Ink.background.rawValue].alpha != 255
    var file: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let colourType: UInt8 = hasAlpha ? 6 : 2
    appendChunk(
        "IHDR", bigEndian(UInt32(card.width)) + bigEndian(UInt32(card.height)) + [8, colourType, 0, 0, 0], to: &file)
    for (key, text) in [
        ("Software", Metadata.maker), ("Title", metadata.prompt), ("Source", metadata.model),
        ("Comment", metadata.line),
    ] {
        appendText(key: key, text: text, to: &file)
    }
    appendChunk("IDAT", try pixelData(of: card, hasAlpha: hasAlpha), to: &file)
    appendChunk("IEND", [], to: &file)
    return file
}

/// ASCII goes into `tEXt`, other text into `iTXt`, which is UTF-8.
private func appendText(key: String, text: String, to file: inout [UInt8]) {
    // Neither may hold a zero byte.
    let visible = text.unicodeScalars.filter { $0.value >= 0x20 }
    if visible.allSatisfy({ $0.value < 0x7F }) {
        appendChunk("tEXt", Array(key.utf8) + [0] + visible.map { UInt8($0.value) }, to: &file)
    } else {
        appendChunk(
            "iTXt", Array(key.utf8) + [0, 0, 0, 0, 0] + Array(String(String.UnicodeScalarView(visible)).utf8), to: &file
        )
    }
}

private func appendChunk(_ type: StaticString, _ data: [UInt8], to file: inout [UInt8]) {
    file += bigEndian(UInt32(data.count))
    let start = file.count
    file.append(contentsOf: UnsafeBufferPointer(start: type.utf8Start, count: type.utf8CodeUnitCount))
    file += data
    let checksum = file[start...].withContiguousStorageIfAvailable { crc32(0, $0.baseAddress, UInt32($0.count)) } ?? 0
    file += bigEndian(UInt32(checksum))
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 0xFF), UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)]
}

private func pixelData(of card: Card, hasAlpha: Bool) throws(MediaError) -> [UInt8] {
    let pixelBytes = hasAlpha ? 4 : 3
    let rowBytes = 1 + card.width * pixelBytes
    var stream = try PixelStream(rowBytes: rowBytes)
    var inks = [UInt8](repeating: 0, count: card.width)
    var row = [UInt8](repeating: 0, count: rowBytes)
    let edges = card.bandEdges
    for (start, end) in zip(edges, edges.dropFirst()) {
        inks.withUnsafeMutableBufferPointer { card.paint(row: start, into: $0) }
        for x in 0..<card.width {
            let colour = card.palette[inks[x]]
            let at = 1 + x * pixelBytes
            row[at] = colour.red
            row[at + 1] = colour.green
            row[at + 2] = colour.blue
            if hasAlpha { row[at + 3] = colour.alpha }
        }
        try stream.append(row: row)
        try stream.repeatRow(times: end - start - 1)
    }
    return try stream.finish()
}

/// A zlib stream (RFC 1950) put together from raw deflate pieces that can be repeated.
private struct PixelStream: ~Copyable {
    private static let blockRows = 32

    private var output: [UInt8] = [0x78, 0x01]
    private var adler = adler32(0, nil, 0)
    private var deflater: Deflater
    private let rowBytes: Int
    /// Compressed rows that equal the row above, with their checksum; by number of rows, made when first needed.
    private var repeats: [Repeat?]

    private struct Repeat {
        var bytes: [UInt8]
        var adler: UInt
    }

    init(rowBytes: Int) throws(MediaError) {
        self.rowBytes = rowBytes
        deflater = try Deflater()
        repeats = Array(repeating: nil, count: Self.blockRows + 1)
    }

    mutating func append(row: [UInt8]) throws(MediaError) {
        output += try deflater.compress(row, flush: Z_FULL_FLUSH)
        adler = row.withUnsafeBufferPointer { adler32(adler, $0.baseAddress, UInt32($0.count)) }
    }

    mutating func repeatRow(times: Int) throws(MediaError) {
        var left = times
        while left > 0 {
            let count = min(left, Self.blockRows)
            let block = try repeatedRows(count)
            output += block.bytes
            adler = adler32_combine(adler, block.adler, count * rowBytes)
            left -= count
        }
    }

    private mutating func repeatedRows(_ count: Int) throws(MediaError) -> Repeat {
        if let block = repeats[count] { return block }
        var rows = [UInt8](repeating: 0, count: count * rowBytes)
        for row in 0..<count { rows[row * rowBytes] = 2 }
        let checksum = rows.withUnsafeBufferPointer { adler32(adler32(0, nil, 0), $0.baseAddress, UInt32($0.count)) }
        let block = Repeat(bytes: try deflater.compress(rows, flush: Z_FULL_FLUSH), adler: checksum)
        repeats[count] = block
        return block
    }

    consuming func finish() throws(MediaError) -> [UInt8] {
        output += try deflater.compress([], flush: Z_FINISH)
        output += bigEndian(UInt32(adler))
        return output
    }
}
