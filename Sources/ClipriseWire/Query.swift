/// The parameters of a query, read where they stand.
package struct Query: Sendable {
    private let bytes: ArraySlice<UInt8>

    /// - Parameter bytes: The query without its `?`, undecoded.
    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// The decoded value of the first parameter called `name`, empty when it has none; nil when there is none.
    ///
    /// In names and values `+` is a space and `%XX` a byte; a broken `%` stands for itself, as forms are read everywhere.
    package func first(_ name: StaticString) -> ArraySlice<UInt8>? {
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "&")) ?? bytes.endIndex
            let mark = bytes[start..<end].firstIndex(of: UInt8(ascii: "="))
            if Self.isNamed(bytes[start..<(mark ?? end)], name) {
                return mark.map { Self.decoded(bytes[($0 + 1)..<end]) } ?? []
            }
            start = end + 1
        }
        return nil
    }

    private static func isNamed(_ bytes: ArraySlice<UInt8>, _ name: StaticString) -> Bool {
        // An encoded name is longer than what it stands for.
        bytes.count > name.utf8CodeUnitCount ? equals(decoded(bytes), name) : equals(bytes, name)
    }

    private static func equals(_ bytes: ArraySlice<UInt8>, _ name: StaticString) -> Bool {
        guard bytes.count == name.utf8CodeUnitCount else { return false }
        for (offset, byte) in bytes.enumerated() where byte != name.utf8Start[offset] { return false }
        return true
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return bytes }
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            if byte == UInt8(ascii: "%"), index + 2 < bytes.endIndex, let high = hexValue(bytes[index + 1]),
                let low = hexValue(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                index += 1
            }
        }
        return result[...]
    }
}
