/// Letters and digits as protocols mean them: those of ASCII.
extension UInt8 {
    @inlinable public var isASCIIDigit: Bool { self &- 0x30 < 10 }

    @inlinable public var isASCIILetter: Bool { (self | 0x20) &- 0x61 < 26 }

    @inlinable public var isASCIIAlphanumeric: Bool { isASCIILetter || isASCIIDigit }

    /// A capital letter as a small one, all else as it is.
    @inlinable public var asciiLowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }
}
