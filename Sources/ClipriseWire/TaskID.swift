/// The id of a task: 128 bits, written as 32 lower-case hexadecimal digits (reference, "Success response").
package struct TaskID: Sendable, Hashable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads exactly 32 lower-case hexadecimal digits; nil for all else.
    package init?(hex digits: some Collection<UInt8>) {
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
        for word in (0..<2).lazy.map({ $0 == 0 ? high : low }) {
            var shift: UInt64 = 60
            while true {
                bytes.append(hexDigit(UInt8(truncatingIfNeeded: word >> shift) & 15))
                if shift == 0 { break }
                shift -= 4
            }
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
