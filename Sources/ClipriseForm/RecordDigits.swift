/// How a number of 64 bits stands as text.
public enum RecordDigits: Sendable, Hashable {
    case decimal
    /// 16 lower-case digits.
    case hexadecimal
}
