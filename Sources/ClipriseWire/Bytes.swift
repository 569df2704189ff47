internal import Glibc

extension UnsafeBufferPointer<UInt8> {
    /// Where a byte stands first from `start` on, and before `end`; nil when it does not.
    public func place(of byte: UInt8, from start: Int, to end: Int) -> Int? {
        guard let base = baseAddress, start < end else { return nil }
        guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    /// Whether a byte stands here.
    func has(_ byte: UInt8) -> Bool { place(of: byte, from: 0, to: count) != nil }

    /// Whether the bytes are those of a literal.
    @inlinable
    public func equals(_ literal: StaticString) -> Bool {
        guard count == literal.utf8CodeUnitCount, let start = baseAddress else {
            return isEmpty && literal.utf8CodeUnitCount == 0
        }
        return Self.areEqual(start, literal.utf8Start, count)
    }

    /// Whether two ranges of memory hold the same; eight bytes at a time.
    @inlinable
    public static func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
        let (left, right) = (UnsafeRawPointer(left), UnsafeRawPointer(right))
        var offset = 0
        while offset &+ 8 <= count {
            guard
                left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                    == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            else { return false }
            offset &+= 8
        }
        while offset < count {
            guard
                left.load(fromByteOffset: offset, as: UInt8.self) == right.load(fromByteOffset: offset, as: UInt8.self)
            else { return false }
            offset &+= 1
        }
        return true
    }

    /// Whether the bytes are those of a text.
    @inlinable
    public func spells(_ text: String) -> Bool {
        // Most texts are told apart by their length, which a text knows.
        guard count == text.utf8.count else { return false }
        let isSame = text.utf8.withContiguousStorageIfAvailable { theirs in
            guard let mine = baseAddress, let start = theirs.baseAddress else { return count == 0 }
            return Self.areEqual(mine, start, count)
        }
        return isSame ?? elementsEqual(text.utf8)
    }
}
