internal import ClipriseWire

/// One hostile request as bytes on the wire.
struct Hostile: Sendable {
    var family: String
    var bytes: [UInt8]
    /// For each answer that is owed, whether it is to a HEAD; nil when the bytes are no sound HTTP, and nothing is owed.
    var owed: [Bool]?
}

/// The accounts of a run.
///
/// No request may move a credit, so each is made such that it cannot: a request with the rich account's key carries a
/// body that is no JSON, or whose last `callBackUrl` is no HTTPS URL, or an amount that no account can take; whatever
/// else there is carries the key of an account without a credit.
enum Payer {
    static let rich = "rich-key-0001"
    static let poor = "poor-key-0002"
    /// Has one task that never ends, for the honest polls in between; its key stands in no hostile request.
    static let honest = "honest-key-03"
    static let richCredits: Int64 = 10_000
}

/// A request that is sound as HTTP, whatever it asks for.
struct Draft {
    var method = "POST"
    var target = Array("/app/cliprise/generate".utf8)
    var fields: [(name: String, value: [UInt8])] = []
    var body: [UInt8] = []
    var isChunked = false

    static func generate(_ key: String, _ body: [UInt8]) -> Draft {
        Draft(
            fields: [
                ("Host", Array("business.api.cliprise.app".utf8)), ("Authorization", Array("Bearer \(key)".utf8)),
                ("Content-Type", Array("application/json".utf8)),
            ], body: body)
    }

    static func status(_ query: [UInt8]) -> Draft {
        Draft(
            method: "GET", target: Array("/app/cliprise/status".utf8) + query,
            fields: [("Host", Array("business.api.cliprise.app".utf8))])
    }

    static func admin(_ method: String, _ path: String, _ body: [UInt8] = []) -> Draft {
        Draft(
            method: method, target: Array("/__admin\(path)".utf8), fields: [("Host", Array("127.0.0.1".utf8))],
            body: body)
    }

    var bytes: [UInt8] {
        var wire = Array("\(method) ".utf8) + target + Array(" HTTP/1.1\r\n".utf8)
        for field in fields { wire += Array("\(field.name): ".utf8) + field.value + [13, 10] }
        if isChunked {
            wire += Array("Transfer-Encoding: chunked\r\n\r\n".utf8)
            for start in stride(from: 0, to: body.count, by: 4_096) {
                let piece = body[start..<min(start + 4_096, body.count)]
                wire += Array("\(String(piece.count, radix: 16));x=y\r\n".utf8) + piece + [13, 10]
            }
            return wire + Array("0\r\n\r\n".utf8)
        }
        if !body.isEmpty || method == "POST" { wire += Array("Content-Length: \(body.count)\r\n".utf8) }
        return wire + [13, 10] + body
    }

    /// The request with the answer that it is owed.
    func hostile(_ family: String) -> Hostile {
        Hostile(family: family, bytes: bytes, owed: [method == "HEAD"])
    }
}

extension Request {
    /// Reads bytes as the most careless parser would, so that the engine meets even what no listener lets through.
    init(careless bytes: [UInt8]) {
        let lineEnd = bytes.firstIndex(of: 10) ?? bytes.endIndex
        let line = bytes[..<lineEnd]
        let afterMethod = line.firstIndex(of: 0x20) ?? line.endIndex
        let beforeVersion = max(line.lastIndex(of: 0x20) ?? line.endIndex, afterMethod)
        self.init(
            method: Method(String(decoding: line[..<afterMethod], as: UTF8.self)),
            target: Array(line[min(afterMethod + 1, beforeVersion)..<beforeVersion]))
        var start = min(lineEnd + 1, bytes.endIndex)
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.endIndex
            var field = bytes[start..<end]
            start = min(end + 1, bytes.endIndex)
            if field.last == 13 { field = field.dropLast() }
            if field.isEmpty { break }
            let colon = field.firstIndex(of: UInt8(ascii: ":")) ?? field.endIndex
            fields.append(
                name: field[..<colon], value: field[min(colon + 1, field.endIndex)...].drop { $0 == 0x20 })
        }
        body = Array(bytes[start...])
    }
}
