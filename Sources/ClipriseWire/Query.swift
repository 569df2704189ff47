internal import Glibc

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
            let parameter = parameter(at: start)
            if parameter.isNamed(name, in: bytes) {
                return value(of: parameter)
            }
            start = parameter.end + 1
        }
        return nil
    }

    /// The values of three parameters; nil where there is none.
    package struct Values: Sendable {
        package var first: ArraySlice<UInt8>?
        package var second: ArraySlice<UInt8>?
        package var third: ArraySlice<UInt8>?
    }

    /// As `first(_:)` for three names, in one pass.
    package func firsts(_ first: StaticString, _ second: StaticString, _ third: StaticString) -> Values {
        var (ofFirst, ofSecond, ofThird): (Parameter?, Parameter?, Parameter?)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let parameter = parameter(at: start)
            if ofFirst == nil, parameter.isNamed(first, in: bytes) {
                ofFirst = parameter
            } else if ofSecond == nil, parameter.isNamed(second, in: bytes) {
                ofSecond = parameter
            } else if ofThird == nil, parameter.isNamed(third, in: bytes) {
                ofThird = parameter
            }
            start = parameter.end + 1
        }
        var values = Values()
        if let ofFirst { values.first = value(of: ofFirst) }
        if let ofSecond { values.second = value(of: ofSecond) }
        if let ofThird { values.third = value(of: ofThird) }
        return values
    }

    private func value(of parameter: Parameter) -> ArraySlice<UInt8> {
        parameter.mark.map { Self.decoded(bytes[($0 + 1)..<parameter.end]) } ?? []
    }

    /// The decoded names of all parameters, in order.
    package var names: [String] {
        var names: [String] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let parameter = parameter(at: start)
            let name = bytes[start..<(parameter.mark ?? parameter.end)]
            if !name.isEmpty { names.append(String(decoding: Self.decoded(name), as: UTF8.self)) }
            start = parameter.end + 1
        }
        return names
    }

    /// A parameter of the query: where it starts, its `=`, and where it ends.
    private struct Parameter {
        var start: Int
        var mark: Int?
        var end: Int
        var isNameEncoded: Bool

        func isNamed(_ name: StaticString, in bytes: ArraySlice<UInt8>) -> Bool {
            let end = mark ?? end
            if isNameEncoded { return Query.decoded(bytes[start..<end]).withUnsafeBufferPointer { $0.equals(name) } }
            guard end - start == name.utf8CodeUnitCount else { return false }
            return bytes.withUnsafeBufferPointer { all in
                UnsafeBufferPointer(rebasing: all[(start - bytes.startIndex)..<(end - bytes.startIndex)]).equals(name)
            }
        }
    }

    private func parameter(at start: Int) -> Parameter {
        bytes.withUnsafeBufferPointer { all in
            let base = bytes.startIndex
            let end = Self.place(of: UInt8(ascii: "&"), in: all, start - base, all.count) ?? all.count
            let mark = Self.place(of: UInt8(ascii: "="), in: all, start - base, end)
            var isNameEncoded = false
            for offset in (start - base)..<(mark ?? end) {
                if all[offset] == UInt8(ascii: "%") || all[offset] == UInt8(ascii: "+") { isNameEncoded = true }
            }
            return Parameter(
                start: start, mark: mark.map { base + $0 }, end: base + end, isNameEncoded: isNameEncoded)
        }
    }

    private static func place(
        of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int? {
        guard let base = bytes.baseAddress, start < end else { return nil }
        guard let found = memchr(base + start, Int32(byte), end - start) else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isPlain = bytes.withUnsafeBufferPointer { bytes in
            place(of: UInt8(ascii: "%"), in: bytes, 0, bytes.count) == nil
                && place(of: UInt8(ascii: "+"), in: bytes, 0, bytes.count) == nil
        }
        guard !isPlain else { return bytes }
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
