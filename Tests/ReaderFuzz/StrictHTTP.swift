/// The requests in the bytes of a connection, as RFC 9112 has them and nobody else: the other opinion on where a request
/// ends.
///
/// Lenient only where that gives no other reading: empty lines before a request, a line that ends with LF alone, words of
/// the request line that have more than one blank between them, bytes beyond ASCII in a target.
struct StrictHTTP {
    struct Message: Hashable {
        var method: [UInt8]
        var target: [UInt8]
        var body: [UInt8]
        /// The value of its `Host`; empty for none.
        var host: [UInt8]
        /// Whether there is nothing that a recipient may refuse but its size.
        var isClean: Bool
        var isLast: Bool
    }

    /// Up to the first that is none, is not whole, or ends the connection.
    private(set) var messages: [Message] = []
    /// Whether some line begins with a colon or a NUL, which the library takes for an empty one.
    ///
    /// A connection with one ends with the request that is read then; where that request ends is nobody's concern.
    let hasOddLine: Bool
    /// Whether the bytes end in the middle of a request that may still become one.
    private(set) var isCutShort = false
    /// Bytes of the first request; 0 for none.
    private(set) var firstLength = 0
    /// Whether the connection goes on behind the last request.
    var isOpen: Bool { isCutShort || rest.isEmpty && messages.last?.isLast == false }

    private var rest: ArraySlice<UInt8>
    private enum Stop: Error { case malformed, cutShort }
    private static let blanks: [UInt8] = [0x20, 0x09]

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
        hasOddLine = zip([10] + bytes, bytes).contains { $0 == 10 && ($1 == 0 || $1 == UInt8(ascii: ":")) }
        while !rest.isEmpty {
            do {
                guard let message = try takeMessage() else { return }
                messages.append(message)
                if messages.count == 1 { firstLength = bytes.count - rest.count }
                if message.isLast { return }
            } catch Stop.cutShort {
                isCutShort = true
                return
            } catch {
                return
            }
        }
    }

    private mutating func takeMessage() throws -> Message? {
        var isClean = true
        var line = try takeLine(&isClean)
        // One that begins with a NUL is an empty one for the library; it decides nothing.
        while line.first.map({ $0 == 0 }) ?? true {
            isClean = false
            guard !rest.isEmpty else { return nil }
            line = try takeLine(&isClean)
        }
        let words = line.split { Self.blanks.contains($0) }
        guard words.count == 3, line.first.map({ !Self.blanks.contains($0) }) ?? false else { throw Stop.malformed }
        if line.count != words.reduce(2, { $0 + $1.count }) || line.contains(9) { isClean = false }
        let (method, target, version) = (words[0], words[1], Array(words[2]))
        guard Self.isToken(method), target.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw Stop.malformed }
        // A later minor version is read as 1.1.
        guard version.count == 8, version.starts(with: "HTTP/1.".utf8), (0x30...0x39).contains(version[7]) else {
            throw Stop.malformed
        }
        if version[7] != UInt8(ascii: "1") { isClean = false }
        if target.first != UInt8(ascii: "/") || target.contains(where: { $0 > 0x7E }) { isClean = false }
        let isOld = version.last == UInt8(ascii: "0")
        let fields = try takeFields(&isClean)
        func values(_ name: String) -> [[UInt8]] { fields.filter { $0.name == name }.map(\.value) }
        let (lengths, codings) = (values("content-length"), values("transfer-encoding"))
        guard lengths.count <= 1, codings.count <= 1, lengths.isEmpty || codings.isEmpty else { throw Stop.malformed }
        if values("host").count != 1 || !values("expect").isEmpty || !values("upgrade").isEmpty { isClean = false }
        var body: [UInt8] = []
        if let length = lengths.first {
            guard !length.isEmpty, length.allSatisfy({ (0x30...0x39).contains($0) }),
                let count = Int(String(decoding: length, as: UTF8.self))
            else { throw Stop.malformed }
            guard count <= rest.count else { throw Stop.cutShort }
            body = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
        } else if let coding = codings.first {
            guard !isOld, Self.lower(coding) == Array("chunked".utf8) else { throw Stop.malformed }
            body = try takeChunks(&isClean)
        }
        let connection = values("connection").joined(separator: [0x2C]).split(separator: 0x2C).map {
            String(decoding: Self.lower(Self.trimmed($0)), as: UTF8.self)
        }
        if !connection.isEmpty { isClean = false }
        let isLast = connection.contains("close") || isOld && !connection.contains("keep-alive")
        return Message(
            method: Array(method), target: Array(target), body: body, host: values("host").first ?? [],
            isClean: isClean,
            isLast: isLast)
    }

    private mutating func takeFields(
        _ isClean: inout Bool, isTrailer: Bool = false
    ) throws -> [(name: String, value: [UInt8])] {
        var fields: [(name: String, value: [UInt8])] = []
        while true {
            let line = try takeLine(&isClean)
            // A line that begins with a NUL is an empty one for the library.
            if line.isEmpty || line == [0] || isTrailer && line.first == 0 { return fields }
            // A line that goes on is read as one, where no field means anything any more.
            if isTrailer, !fields.isEmpty, let first = line.first, Self.blanks.contains(first) { continue }
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), Self.isToken(line[..<colon]) else {
                throw Stop.malformed
            }
            var shown = line[(colon + 1)...]
            // With lines that end with LF alone, one NUL at the end of a value cannot be told from a CR that was there.
            if shown.last == 0 {
                shown.removeLast()
                isClean = false
            }
            let value = Self.trimmed(isTrailer ? shown.prefix { $0 != 0 } : shown)
            guard !value.contains(0), !value.contains(13) else { throw Stop.malformed }
            if value.contains(where: { $0 < 0x20 || $0 == 0x7F }) { isClean = false }
            fields.append((String(decoding: Self.lower(line[..<colon]), as: UTF8.self), Array(value)))
            if fields.count > 200 || line.count > 3_000 { isClean = false }
        }
    }

    private mutating func takeChunks(_ isClean: inout Bool) throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            let line = try takeLine(&isClean)
            let digits = line.prefix { Self.hexValue($0) != nil }
            let after = line[digits.endIndex...].drop { Self.blanks.contains($0) }
            guard !digits.isEmpty, digits.drop(while: { $0 == 0x30 }).count <= 15,
                after.isEmpty || after.first == UInt8(ascii: ";")
            else { throw Stop.malformed }
            if digits.count < line.count { isClean = false }
            let size = digits.reduce(0) { $0 << 4 | (Self.hexValue($1) ?? 0) }
            if size == 0 {
                // A NUL ends the value for the library, and decides nothing any more.
                let trailers = try takeFields(&isClean, isTrailer: true)
                if !trailers.isEmpty { isClean = false }
                return body
            }
            guard rest.count > size else { throw Stop.cutShort }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard rest.first == 13 || rest.first == 10 else { throw Stop.malformed }
            guard try takeLine(&isClean).isEmpty else { throw Stop.malformed }
        }
    }

    /// The bytes up to the next LF, without it and without the CR before it.
    private mutating func takeLine(_ isClean: inout Bool) throws -> ArraySlice<UInt8> {
        guard let end = rest.firstIndex(of: 10) else { throw Stop.cutShort }
        var line = rest[..<end]
        rest = rest[(end + 1)...]
        if line.last == 13 { line = line.dropLast() } else { isClean = false }
        return line
    }

    static func isToken(_ bytes: some Collection<UInt8>) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF) && byte < 0x80
                    || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var bytes = bytes.drop { blanks.contains($0) }
        while let last = bytes.last, blanks.contains(last) { bytes.removeLast() }
        return bytes
    }

    private static func lower(_ bytes: some Collection<UInt8>) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func hexValue(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte) - 0x30
        case 0x41...0x46: Int(byte) - 0x37
        case 0x61...0x66: Int(byte) - 0x57
        default: nil
        }
    }
}
