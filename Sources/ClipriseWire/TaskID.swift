/// The id of a task: 128 bits, written as 32 lower-case hexadecimal digits (reference, "Success response").
public struct TaskID: Sendable, Hashable {
    public var high: UInt64
    public var low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    @inlinable public static func == (left: TaskID, right: TaskID) -> Bool {
        left.high == right.high && left.low == right.low
    }

    /// Reads exactly 32 lower-case hexadecimal digits; nil for all else.
    public init?(hex digits: ArraySlice<UInt8>) {
        guard digits.count == 32 else { return nil }
        let words: (UInt64, UInt64)? = digits.withUnsafeBufferPointer { digits in
            guard let memory = UnsafeRawBufferPointer(digits).baseAddress, let first = Self.word(memory, from: 0),
                let second = Self.word(memory, from: 8), let third = Self.word(memory, from: 16),
                let fourth = Self.word(memory, from: 24)
            else { return nil }
            return (first << 32 | second, third << 32 | fourth)
        }
        guard let words else { return nil }
        (high, low) = words
    }

    /// Eight digits as a number, or nil; all at once, as `digits` writes them.
    private static func word(_ digits: UnsafeRawPointer, from start: Int) -> UInt64? {
        let bytes = UInt64(littleEndian: digits.loadUnaligned(fromByteOffset: start, as: UInt64.self))
        let top: UInt64 = 0x8080_8080_8080_8080
        guard bytes & top == 0 else { return nil }
        // The top bit of a byte says whether it reached a bound: 0 and behind 9, a and behind f.
        let isDigit = (bytes &+ 0x5050_5050_5050_5050) & ~(bytes &+ 0x4646_4646_4646_4646) & top
        let isLetter = (bytes &+ 0x1F1F_1F1F_1F1F_1F1F) & ~(bytes &+ 0x1919_1919_1919_1919) & top
        guard isDigit | isLetter == top else { return nil }
        var halves = ((bytes & 0x0F0F_0F0F_0F0F_0F0F) &+ (isLetter >> 7) &* 9).byteSwapped
        halves = (halves | halves >> 4) & 0x00FF_00FF_00FF_00FF
        halves = (halves | halves >> 8) & 0x0000_FFFF_0000_FFFF
        return (halves | halves >> 16) & 0xFFFF_FFFF
    }

    public func appendHex(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: digits) { bytes.append(contentsOf: $0) }
    }

    /// The 32 digits in the order of memory, eight to a word.
    public var digits: (UInt64, UInt64, UInt64, UInt64) {
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
    public var description: String {
        var digits: [UInt8] = []
        digits.reserveCapacity(32)
        appendHex(to: &digits)
        return String(decoding: digits, as: UTF8.self)
    }
}
