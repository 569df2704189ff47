internal import CZlib

/// Bytes as a gzip file (RFC 1952) of one member, without a name and a time: equal bytes give equal files.
///
/// - Returns: Nil when there is no memory for it, and from 1 GiB on.
package func gzipped(_ bytes: [UInt8]) -> [UInt8]? {
    // The two flag bytes are none; the fastest level; an unknown system.
    var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 4, 0xFF]
    guard bytes.count < 1 << 30, let body = try? deflated(bytes) else { return nil }
    file += body
    let sum = bytes.withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
    for number in [UInt32(truncatingIfNeeded: sum), UInt32(truncatingIfNeeded: bytes.count)] {
        for shift in stride(from: 0, to: 32, by: 8) { file.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
    return file
}

private func deflated(_ bytes: [UInt8]) throws(MediaError) -> [UInt8] {
    let deflater = try Deflater()
    return try deflater.compress(bytes, flush: Z_FINISH)
}
