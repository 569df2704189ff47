/// How a number of 64 bits stands as text.
@usableFromInline package enum RecordDigits: Sendable, Hashable {
    case decimal
    /// 16 lower-case digits.
    case hexadecimal
}
