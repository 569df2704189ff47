/// The id of a task: 128 bits, written as 32 lower-case hexadecimal digits (reference, "Success response").
package struct TaskID: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads exactly 32 lower-case hexadecimal digits; nil for all else.
    package init?(hex digits: ArraySlice<UInt8>) {
        guard digits.count == 32 else { return nil }
        var words: (UInt64, UInt64) = (0, 0)
        for digit in digits {
            guard let value = hexValue(digit), digit < 0x41 || digit > 0x5A else { return nil }
            words.0 = words.0 << 4 | words.1 >> 60
            words.1 = words.1 << 4 | UInt64(value)
        }
        (high, low) = words
    }

    package func appendHex(to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { digits in
            for index in 0..<16 {
                let shift = UInt64(60 - 4 * index)
                digits[index] = hexDigit(UInt8(truncatingIfNeeded: high >> shift) & 15)
                digits[index + 16] = hexDigit(UInt8(truncatingIfNeeded: low >> shift) & 15)
            }
            bytes.append(contentsOf: UnsafeBufferPointer(digits))
        }
    }
}

extension TaskID: CustomStringConvertible {
    package var description: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        appendHex(to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }
}
