/// Puts the lines of a head together.
struct HeadReader {
    /// The most bytes of all lines of one answer, those of interim answers and trailers included.
    static let limit = 256 << 10

    /// Whether the final head came.
    private(set) var isOver = false
    private var byteCount = 0
    private var head = HTTPHead(status: 0, fields: [])

    /// More than `limit` bytes came.
    struct TooLong: Error {}

    /// Takes one line with its end.
    ///
    /// - Returns: The head when this line ends it; interim answers (100–199) and trailers are passed over.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(TooLong) -> HTTPHead? {
        byteCount += line.count
        guard byteCount <= Self.limit else { throw TooLong() }
        guard !isOver else { return nil }
        let text = line.prefix { $0 != 0x0D && $0 != 0x0A }
        if text.isEmpty {
            guard head.status >= 200 else { return nil }
            isOver = true
            return head
        }
        if text.starts(with: "HTTP/".utf8) {
            let code = text.drop { $0 != 0x20 }.drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
            head = HTTPHead(status: Int(String(decoding: code.prefix(3), as: UTF8.self)) ?? 0, fields: [])
        } else if let colon = text.firstIndex(of: UInt8(ascii: ":")) {
            let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
            var value = text[(colon + 1)...].drop(while: isBlank)
            while let last = value.last, isBlank(last) { value.removeLast() }
            let field = HTTPField(
                String(decoding: text[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
            if field.isSound { head.fields.append(field) }
        }
        return nil
    }
}
