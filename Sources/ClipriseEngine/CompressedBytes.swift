internal import CZlib

/// Bytes that are seldom looked at, as zlib writes them.
enum CompressedBytes {
    /// How much less they must be to be worth it: by an eighth.
    private static let least = 8

    /// Nil when little would be gained.
    static func compress(_ bytes: [UInt8]) -> [UInt8]? {
        var count = UInt(bytes.count - bytes.count / least)
        var code = Z_OK
        let compressed = [UInt8](unsafeUninitializedCapacity: Int(count)) { output, written in
            code = compress2(output.baseAddress, &count, bytes, UInt(bytes.count), Z_BEST_SPEED)
            written = code == Z_OK ? Int(count) : 0
        }
        // Copied: the array above has room for far more. A slice of all of it would be that same array.
        return code == Z_OK ? compressed.withUnsafeBufferPointer { Array($0) } : nil
    }

    /// - Parameter length: How many there were.
    static func expand(_ compressed: [UInt8], to length: Int) -> [UInt8] {
        var count = UInt(length)
        var code = Z_OK
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { output, written in
            code = uncompress(output.baseAddress, &count, compressed, UInt(compressed.count))
            written = code == Z_OK ? Int(count) : 0
        }
        precondition(bytes.count == length, "what zlib wrote is not what it reads: \(code)")
        return bytes
    }
}
