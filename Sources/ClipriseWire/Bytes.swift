extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are those of a literal.
    @inlinable
    package func equals(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount else { return false }
        for index in indices where self[index] != literal.utf8Start[index] { return false }
        return true
    }

    /// Whether the bytes are those of a text.
    @inlinable
    package func spells(_ text: String) -> Bool {
        // Most texts are told apart by their length, which a text knows.
        count == text.utf8.count && elementsEqual(text.utf8)
    }
}
