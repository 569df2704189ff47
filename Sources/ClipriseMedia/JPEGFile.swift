internal import CJPEG

/// Writes a card as a baseline JPEG file of quality 85.
func jpegFile(of card: Card, metadata: Metadata) throws(MediaError) -> [UInt8] {
    let comment = Array(metadata.line.utf8)
    guard let writer = cjpeg_start(UInt32(card.width), UInt32(card.height), 85, comment, UInt32(comment.count)) else {
        throw .libraryRefused(step: "jpeg_start_compress", code: -1)
    }
    defer { cjpeg_end(writer) }
    var inks = [UInt8](repeating: 0, count: card.width)
    var row = [UInt8](repeating: 0, count: card.width * 3)
    let edges = card.bandEdges
    for (start, end) in zip(edges, edges.dropFirst()) {
        inks.withUnsafeMutableBufferPointer { card.paint(row: start, into: $0) }
        for x in 0..<card.width {
            let colour = card.palette[inks[x]]
            row[3 * x] = colour.red
            row[3 * x + 1] = colour.green
            row[3 * x + 2] = colour.blue
        }
        guard cjpeg_repeat_row(writer, row, UInt32(end - start)) == 0 else {
            throw .libraryRefused(step: "jpeg_write_scanlines", code: -1)
        }
    }
    guard cjpeg_finish(writer) == 0 else { throw .libraryRefused(step: "jpeg_finish_compress", code: -1) }
    return Array(UnsafeBufferPointer(start: writer.pointee.bytes, count: Int(writer.pointee.count)))
}
