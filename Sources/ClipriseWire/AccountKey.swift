/// What may stand for an account, wherever one is made: on the command line, in files, over HTTP, in a simulation.
public enum AccountKey {
    /// The longest key, in bytes.
    public static let limit = 256

    /// What a key is, in words.
    public static let rule = "1 to \(limit) printable ASCII characters without spaces"

    /// Whether an account may have this key.
    public static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        (1...limit).contains(bytes.count) && bytes.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
