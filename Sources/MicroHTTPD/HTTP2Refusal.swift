internal import ClipriseWire

/// The answer to a client that speaks HTTP/2 without asking (RFC 9113 §3.3), in its own language.
///
/// It is a response on the client's first stream, then the word that the connection is over: what is written in HTTP/1.1,
/// such a client cannot show to anybody.
enum HTTP2Refusal {
    /// - Parameters:
    ///   - body: JSON.
    ///   - date: Seconds since 1970.
    static func bytes(status: Int, body: [UInt8], date: Int64, message: StaticString) -> [UInt8] {
        var fields: [UInt8] = []
        // Literals that are not indexed, their names by their numbers in the static table (RFC 7541, appendix A).
        append(8, "\(status)", to: &fields)
        append(33, HTTPDate.text(date), to: &fields)
        append(28, "\(body.count)", to: &fields)
        append(31, "application/json; charset=utf-8", to: &fields)
        // Settings of ours, none, and the word that the client's are known.
        var bytes = frame(type: 4, flags: 0, stream: 0, [])
        bytes += frame(type: 4, flags: 1, stream: 0, [])
        bytes += frame(type: 1, flags: 4, stream: 1, fields)
        bytes += frame(type: 0, flags: 1, stream: 1, body)
        // The last stream that was looked at, and HTTP_1_1_REQUIRED.
        bytes += frame(type: 7, flags: 0, stream: 0, [0, 0, 0, 1, 0, 0, 0, 0x0D] + Array("\(message)".utf8))
        return bytes
    }

    private static func frame(type: UInt8, flags: UInt8, stream: UInt8, _ content: [UInt8]) -> [UInt8] {
        let size = content.count
        return [
            UInt8(truncatingIfNeeded: size >> 16), UInt8(truncatingIfNeeded: size >> 8),
            UInt8(truncatingIfNeeded: size),
            type, flags, 0, 0, 0, stream,
        ] + content
    }

    /// A name below 15 + 128 by its number, and a text below 127 bytes.
    private static func append(_ name: UInt8, _ value: String, to fields: inout [UInt8]) {
        fields += name < 15 ? [name] : [15, name - 15]
        let text = Array(value.utf8.prefix(126))
        fields.append(UInt8(text.count))
        fields += text
    }
}
