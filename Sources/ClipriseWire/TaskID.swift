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
        withUnsafeBytes(of: digits) { bytes.append(contentsOf: $0) }
    }

    /// The 32 digits in the order of memory, eight to a word.
    package var digits: (UInt64, UInt64, UInt64, UInt64) {
        (Self.digits(high >> 32), Self.digits(high), Self.digits(low >> 32), Self.digits(low))
    }

    /// Eight digits of the low 32 bits, the first in the byte that comes first in memory.
    ///
    /// All at once: the halves of the four bytes are spread over eight bytes, and those above 9 become letters.
    private static func digits(_ word: UInt64) -> UInt64 {
        var spread = UInt64(UInt32(truncatingIfNeeded: word).byteSwapped)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        spread = (spread >> 4 | spread << 8) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (spread &+ 0x3030_3030_3030_3030 &+ isLetter &* 39).littleEndian
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
