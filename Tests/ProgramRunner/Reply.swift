internal import Foundation
internal import RawSocket

/// One answer, taken apart.
package struct Reply: Sendable {
    package var status: Int
    package var head: String
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The JSON object of the body, or the first of an array; empty when it is something else.
    package var fields: [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: Data(body))
        return value as? [String: Any] ?? (value as? [[String: Any]])?.first ?? [:]
    }

    package var taskID: String { fields["taskId"] as? String ?? "" }

    /// - Parameter bytes: All that came on a connection which then was closed.
    package init(_ bytes: [UInt8]) throws {
        guard let gap = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw NotHTTP(start: String(decoding: bytes.prefix(200), as: UTF8.self))
        }
        head = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self)
        body = Array(bytes[gap.upperBound...])
        status = Int(head.split(separator: " ").dropFirst().first ?? "") ?? 0
    }

    struct NotHTTP: Error {
        var start: String
    }
}

/// Sends one request over a new connection to this machine, with `Connection: close`, and reads the answer.
///
/// - Parameter line: The request line, such as `GET / HTTP/1.1`.
package func exchange(
    _ line: String, port: UInt16, isIPv6: Bool = false, host: String, fields: [String] = [], body: String = ""
) throws -> Reply {
    let socket = try RawSocket(port: port, isIPv6: isIPv6, timeout: Int(Child.limit))
    var lines = [line, "Host: \(host)", "Connection: close"] + fields
    if !body.isEmpty { lines.append("Content-Length: \(body.utf8.count)") }
    try socket.send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    return try Reply(socket.read(.max).bytes)
}
