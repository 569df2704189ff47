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

    /// The same for three names, in one pass.
    package func firsts(_ first: StaticString, _ second: StaticString, _ third: StaticString) -> (
        ArraySlice<UInt8>?, ArraySlice<UInt8>?, ArraySlice<UInt8>?
    ) {
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
        return (ofFirst.map(value), ofSecond.map(value), ofThird.map(value))
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
            guard isNameEncoded || (mark ?? end) - start == name.utf8CodeUnitCount else { return false }
            let written = bytes[start..<(mark ?? end)]
            return (isNameEncoded ? Query.decoded(written) : written).withUnsafeBufferPointer { $0.equals(name) }
        }
    }

    private func parameter(at start: Int) -> Parameter {
        var parameter = Parameter(start: start, mark: nil, end: bytes.endIndex, isNameEncoded: false)
        bytes.withUnsafeBufferPointer { all in
            let base = bytes.startIndex
            for offset in (start - base)..<all.count {
                switch all[offset] {
                case UInt8(ascii: "&"):
                    parameter.end = base + offset
                    return
                case UInt8(ascii: "=") where parameter.mark == nil: parameter.mark = base + offset
                case UInt8(ascii: "%") where parameter.mark == nil, UInt8(ascii: "+") where parameter.mark == nil:
                    parameter.isNameEncoded = true
                default: continue
                }
            }
        }
        return parameter
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let isPlain = bytes.withUnsafeBufferPointer { bytes in
            for byte in bytes where byte == UInt8(ascii: "%") || byte == UInt8(ascii: "+") { return false }
            return true
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
