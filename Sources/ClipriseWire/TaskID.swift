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
        let words: (UInt64, UInt64)? = digits.withUnsafeBufferPointer { digits in
            guard let high = Self.word(digits, from: 0), let low = Self.word(digits, from: 16) else { return nil }
            return (high, low)
        }
        guard let words else { return nil }
        (high, low) = words
    }

    /// Sixteen digits as a number, or nil.
    private static func word(_ digits: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt64? {
        var word: UInt64 = 0
        for index in start..<(start + 16) {
            let digit = digits[index]
            let number = digit &- 0x30
            let letter = digit &- 0x61
            guard number < 10 || letter < 6 else { return nil }
            word = word << 4 | UInt64(number < 10 ? number : letter &+ 10)
        }
        return word
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
