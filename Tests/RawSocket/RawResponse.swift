/// An answer as it came from the wire.
package struct RawResponse: Sendable, Hashable {
    package var status: Int
    /// Status line and fields, without the empty line.
    package var head: String
    package var body: String
    /// Whether the body ended as its head promised.
    package var isComplete: Bool

    package init(status: Int, head: String, body: String, isComplete: Bool) {
        self.status = status
        self.head = head
        self.body = body
        self.isComplete = isComplete
    }

    /// The value of the first field of this name, or nil.
    package func field(_ name: String) -> String? {
        for line in head.split(separator: "\r\n").dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == name.lowercased() {
                return parts[1].trimmingSpaces
            }
        }
        return nil
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var rest = self
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }
}

extension RawSocket {
    /// Reads one answer; nil when the connection ends before its head is complete.
    ///
    /// - Parameter isToHead: Whether the request was a HEAD, so that no body follows.
    package func readResponse(isToHead: Bool = false) -> RawResponse? {
        guard let head = read(through: "\r\n\r\n") else { return nil }
        // CR and LF together are one `Character`.
        let status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        var response = RawResponse(status: status, head: String(head.dropLast(2)), body: "", isComplete: true)
        if isToHead || (100..<200).contains(status) || status == 204 || status == 304 { return response }
        if let length = response.field("Content-Length").flatMap({ Int($0) }) {
            let (bytes, end) = read(length)
            response.body = String(decoding: bytes, as: UTF8.self)
            response.isComplete = end == nil
        } else if response.field("Transfer-Encoding") == "chunked" {
            (response.body, response.isComplete) = readChunks()
        } else {
            let (text, end) = readToEnd()
            response.body = text
            response.isComplete = end == .closed
        }
        return response
    }

    private func readChunks() -> (body: String, isComplete: Bool) {
        var body: [UInt8] = []
        while true {
            guard let line = read(through: "\r\n"), let size = Int(line.dropLast(1), radix: 16) else {
                return (String(decoding: body, as: UTF8.self), false)
            }
            let (bytes, end) = read(size)
            body += bytes
            guard end == nil, read(2).end == nil else { return (String(decoding: body, as: UTF8.self), false) }
            if size == 0 { return (String(decoding: body, as: UTF8.self), true) }
        }
    }

    /// Sends a GET and reads the answer.
    package func get(_ target: String) throws -> RawResponse? {
        try send("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        return readResponse()
    }
}
