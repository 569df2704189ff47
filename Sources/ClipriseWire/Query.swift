/// The parameters of a query, read where they stand.
public struct Query: Sendable {
    private let bytes: ArraySlice<UInt8>

    /// - Parameter bytes: The query without its `?`, undecoded.
    public init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    /// The decoded value of the first parameter called `name`, empty when it has none; nil when there is none.
    ///
    /// In names and values `+` is a space and `%XX` a byte; a broken `%` stands for itself, as forms are read everywhere.
    public func first(_ name: StaticString) -> ArraySlice<UInt8>? {
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

    /// Where the value of a parameter stands in the query.
    public struct Place: Sendable, BitwiseCopyable {
        fileprivate var start = -1
        fileprivate var end = -1
        fileprivate var isPlain = true

        fileprivate static let none = Place()

        /// Whether there is such a parameter.
        public var isThere: Bool { start >= 0 }
    }

    /// Where the values of three parameters stand.
    public struct Places: Sendable, BitwiseCopyable {
        public fileprivate(set) var first = Place.none
        public fileprivate(set) var second = Place.none
        public fileprivate(set) var third = Place.none
    }

    /// Finds the first parameters of three names, in one pass.
    public func places(of first: StaticString, _ second: StaticString, _ third: StaticString) -> Places {
        var places = Places()
        // One look at all bytes spares one at each name and value for what is encoded.
        let isPlain = bytes.withUnsafeBufferPointer(Self.isPlain)
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let parameter = parameter(at: start, isPlain: isPlain)
            let value = Place(start: (parameter.mark ?? parameter.end - 1) + 1, end: parameter.end, isPlain: isPlain)
            if !places.first.isThere, parameter.isNamed(first, in: bytes) {
                places.first = value
            } else if !places.second.isThere, parameter.isNamed(second, in: bytes) {
                places.second = value
            } else if !places.third.isThere, parameter.isNamed(third, in: bytes) {
                places.third = value
            }
            start = parameter.end + 1
        }
        return places
    }

    /// The decoded value that stands there, empty when it has none; nil when there is no such parameter.
    public func value(at place: Place) -> ArraySlice<UInt8>? {
        guard place.isThere else { return nil }
        let value = bytes[place.start..<place.end]
        return place.isPlain ? value : Self.decoded(value)
    }

    private func value(of parameter: Parameter) -> ArraySlice<UInt8> {
        parameter.mark.map { Self.decoded(bytes[($0 + 1)..<parameter.end]) } ?? []
    }

    /// Whether bytes stand for themselves: none is encoded.
    private static func isPlain(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.place(of: UInt8(ascii: "%"), from: 0, to: bytes.count) == nil
            && bytes.place(of: UInt8(ascii: "+"), from: 0, to: bytes.count) == nil
    }

    /// The decoded names and values of all parameters, in order; a value that is missing is empty.
    public var parameters: [(name: String, value: String)] {
        bytes.split(separator: UInt8(ascii: "&")).map { parameter in
            let mark = parameter.firstIndex(of: UInt8(ascii: "=")) ?? parameter.endIndex
            return (
                String(decoding: Self.decoded(parameter[..<mark]), as: UTF8.self),
                String(decoding: Self.decoded(parameter[mark...].dropFirst()), as: UTF8.self)
            )
        }
    }

    /// The decoded names of all parameters, in order.
    public var names: [String] { parameters.map(\.name).filter { !$0.isEmpty } }

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

    /// - Parameter isPlain: Whether nothing of the query is encoded, when that is known.
    private func parameter(at start: Int, isPlain: Bool = false) -> Parameter {
        bytes.withUnsafeBufferPointer { all in
            let base = bytes.startIndex
            let end = all.place(of: UInt8(ascii: "&"), from: start - base, to: all.count) ?? all.count
            let mark = all.place(of: UInt8(ascii: "="), from: start - base, to: end)
            let name = UnsafeBufferPointer(rebasing: all[(start - base)..<(mark ?? end)])
            let isNameEncoded = !isPlain && !Self.isPlain(name)
            return Parameter(
                start: start, mark: mark.map { base + $0 }, end: base + end, isNameEncoded: isNameEncoded)
        }
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.withUnsafeBufferPointer(isPlain) ? bytes : [UInt8](percentDecoded: bytes, plusIsSpace: true)[...]
    }
}
