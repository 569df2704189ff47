/// What bytes are in the place of text in UTF-8.
public enum ForeignText {
    /// What they are, such as "UTF-16, not UTF-8", where their beginning shows it; else nil.
    public static func format(of bytes: [UInt8]) -> String? {
        let beginnings: [([UInt8], String)] = [
            ([0xFF, 0xFE, 0x00, 0x00], "UTF-32, not UTF-8"), ([0x00, 0x00, 0xFE, 0xFF], "UTF-32, not UTF-8"),
            ([0xFF, 0xFE], "UTF-16, not UTF-8"), ([0xFE, 0xFF], "UTF-16, not UTF-8"),
            ([0x1F, 0x8B], "compressed with gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "compressed with zstd"),
        ]
        if let known = beginnings.first(where: { bytes.starts(with: $0.0) }) { return known.1 }
        guard bytes.count >= 4 else { return nil }
        // Without a mark: what people write begins with ASCII (RFC 4627 §3).
        switch (bytes[0] == 0, bytes[1] == 0, bytes[2] == 0, bytes[3] == 0) {
        case (true, true, true, false), (false, true, true, true): return "UTF-32, not UTF-8"
        case (true, false, true, false), (false, true, false, true): return "UTF-16, not UTF-8"
        default: return nil
        }
    }
}
