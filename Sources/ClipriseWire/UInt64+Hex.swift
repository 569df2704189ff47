extension UInt64 {
    /// 16 lower-case hexadecimal digits, as hashes are written.
    public var hex: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
