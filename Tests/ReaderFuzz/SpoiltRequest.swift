internal import Spoiling

/// Requests as they are sent, and the ways in which their heads and framing are spoilt.
enum SpoiltRequest {
    private static let smuggled = "GET /__admin/accounts HTTP/1.1\r\nHost: a\r\n\r\n"

    static let sound: [[UInt8]] = [
        "GET /app/cliprise/status?apiKey=k&taskId=00ff HTTP/1.1\r\nHost: business.api.cliprise.app\r\nAccept: */*\r\n\r\n",
        "POST /app/cliprise/generate HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer k\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(smuggled.utf8.count)\r\n\r\n\(smuggled)",
        "POST /app/cliprise/generate HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nUser-Agent: x/1 (y)\r\n\r\n"
            + "\(String(smuggled.utf8.count, radix: 16))\r\n\(smuggled)\r\n0\r\n\r\n",
        "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3;n=v\r\nabc\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n"
            + "0\r\nX-Trailer: 1\r\n\r\n",
        "GET /one HTTP/1.1\r\nHost: a\r\n\r\nHEAD /two HTTP/1.1\r\nHost: a\r\nX-Empty:\r\n\r\n"
            + "DELETE /three?x=%20&y HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n",
        "PUT /b HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\nbodyOPTIONS /c HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\n\r\n", "GET http://a/absolute HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /d HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    ].map { Array($0.utf8) }

    private static let fields = [
        "Content-Length: 5", "Content-Length: 0", "Content-Length:43", "Content-Length:  3  ", "Content-Length: +3",
        "Content-Length: 3, 3", "Content-Length: 0x3", "Content-Length:", "Content-Length: 99999999999999999999",
        "Content-Length: 18446744073709551619", "Content-Length: 3;", "content-length: 03", "Content-Length : 3",
        "Content-Length\t: 3", "Content_Length: 3", "Content-Length\u{0}: 3", "Content-Length: 3\u{0}",
        "Content-Length: 3\r", "\u{0}Content-Length: 3", "Content-Length: \u{B}3", "Content-Length: 3\u{C}",
        "Transfer-Encoding: chunked", "Transfer-Encoding:chunked", "Transfer-Encoding: Chunked\t",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity", "Transfer-Encoding : chunked",
        "Transfer-Encoding\r: chunked", "Transfer-Encoding: chunked\u{0}", "Transfer-Encoding: \u{B}chunked",
        "Transfer-Encoding: chunkedx", "Transfer-Encoding: x, chunked", "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding:\r\n chunked", "Transfer-Encoding", "X: 1\r\n folded", "X: 1\r\n\tContent-Length: 3",
        " Content-Length: 3", "\tX: 1", ": nameless", "X Y: 1", "X: a\rContent-Length: 3", "X: a\nContent-Length: 3",
        "X\u{7F}: 1", "X\u{80}: 1", "X: \u{1}\u{1B}[31m", "Connection: close", "Connection: content-length",
        "Connection: close, Transfer-Encoding", "Upgrade: h2c", "Expect: 100-continue", "Expect: 200-ok", "Host: b",
        "Host: a:99999", "Cookie: a=b; c=\"d", "Cookie: =;;=", "Trailer: Content-Length", "Range: bytes=0-",
        "Authorization: Bearer x", "X: \(String(repeating: "v", count: 4_000))",
        "\(String(repeating: "n", count: 4_000)): 1",
    ]

    private static let ends = [
        "\r\n", "\n", "\r", "\r\r\n", "\r\n\r\n", "\n\r", "", " \r\n", "\u{0}\r\n", "\u{85}", "\u{2028}",
    ]

    private static let sizes = [
        "0", "00", "000000000000000000000", "1", "3", "+3", "-1", "0x3", " 3", "3 ", "3\t", "3;", "3 ; a", "3;a=\"\n\"",
        "3;a=\"\r\n\"", "3\u{0}", "3\r", "ffffffffffffffff", "10000000000000003", "7fffffffffffffff", "fffffffff",
        "3_0",
        "3.0", "", "g", "\u{B}3", "3 abc", "3,3",
    ]

    private static let lines = [
        "GET / HTTP/1.1", "GET  /  HTTP/1.1", "GET\t/\tHTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ",
        "GET / HTTP/1.2",
        "GET / HTTP/2.0", "GET / HTTP/1.10", "GET / HTTP/11", "GET / http/1.1", "GET /", "GET / x HTTP/1.1",
        "GET /\u{0} HTTP/1.1", "G\u{0}T / HTTP/1.1", "GET /\u{B} HTTP/1.1", "GET /\u{C}x HTTP/1.1", "GET /\rHTTP/1.1",
        "GET /\u{1}\u{7F}\u{FF} HTTP/1.1", "CONNECT a:1 HTTP/1.1", "OPTIONS * HTTP/1.1", "PRI * HTTP/2.0",
        "GET /?\(String(repeating: "a=b&", count: 600)) HTTP/1.1", "GET /?a=b%00&%zz&&&=&;c HTTP/1.1",
        "GET /#frag HTTP/1.1", "GET //b/../c HTTP/1.1", "(GET) / HTTP/1.1", "\u{16}\u{3}\u{1} / HTTP/1.1",
        "GET http://b/__admin HTTP/1.1", "GET a HTTP/1.1", "GET / HTTP/1.1\u{0}",
    ]

    /// Changes a text at one place that means something to a reader of requests.
    static func change(_ text: inout [UInt8], _ chance: inout Chance) {
        switch chance.below(12) {
        case 0, 1, 2: insertField(&text, chance.pick(fields), &chance)
        case 3: insertField(&text, chance.pick(fields) + chance.pick(ends) + chance.pick(fields), &chance)
        case 4: replaceEnd(&text, &chance)
        case 5: replaceSize(&text, &chance)
        case 6: replaceLine(&text, &chance)
        case 7: text.insert(contentsOf: ends[chance.below(ends.count)].utf8, at: chance.below(text.count + 1))
        case 8: insertBlank(&text, &chance)
        case 9: replaceLength(&text, &chance)
        case 10: text.insert(chance.byte(), at: chance.below(text.count + 1))
        default: text += chance.oneIn(3) ? chance.bytes(chance.below(40)) : chance.pick(sound)
        }
    }

    /// Where lines of the text end: the place of each CR LF.
    private static func ends(of text: [UInt8]) -> [Int] {
        text.indices.filter { text[$0] == 13 && $0 + 1 < text.count && text[$0 + 1] == 10 }
    }

    private static func insertField(_ text: inout [UInt8], _ field: String, _ chance: inout Chance) {
        let places = ends(of: text)
        guard !places.isEmpty else { return }
        text.insert(contentsOf: "\(field)\r\n".utf8, at: chance.pick(places) + 2)
    }

    private static func replaceEnd(_ text: inout [UInt8], _ chance: inout Chance) {
        let places = ends(of: text)
        guard !places.isEmpty else { return }
        let place = chance.pick(places)
        text.replaceSubrange(place..<(place + 2), with: chance.pick(ends).utf8)
    }

    /// A line that is a number in hexadecimal digits.
    private static func replaceSize(_ text: inout [UInt8], _ chance: inout Chance) {
        let places = ends(of: text)
        guard places.count > 1 else { return }
        let index = 1 + chance.below(places.count - 1)
        text.replaceSubrange((places[index - 1] + 2)..<places[index], with: chance.pick(sizes).utf8)
    }

    private static func replaceLine(_ text: inout [UInt8], _ chance: inout Chance) {
        guard let end = ends(of: text).first else { return }
        text.replaceSubrange(..<end, with: chance.pick(lines).utf8)
    }

    /// A blank or a control character beside a colon or inside of a name.
    private static func insertBlank(_ text: inout [UInt8], _ chance: inout Chance) {
        let colons = text.indices.filter { text[$0] == UInt8(ascii: ":") }
        guard !colons.isEmpty else { return }
        let byte = chance.pick([0x20, 0x09, 0x00, 0x0B, 0x0C, 0x0D, 0x0A, 0x85, 0xA0, 0x7F, 0x3A] as [UInt8])
        text.insert(byte, at: max(0, chance.pick(colons) + chance.pick([-1, 0, 0, 0, 1, 1])))
    }

    private static func replaceLength(_ text: inout [UInt8], _ chance: inout Chance) {
        let name = Array("ontent-Length: ".utf8)
        guard let found = text.firstRange(of: name) else { return }
        let end = text[found.upperBound...].firstIndex { $0 == 13 || $0 == 10 } ?? text.endIndex
        text.replaceSubrange(found.upperBound..<end, with: chance.pick(Spoilt.numbers).utf8)
    }
}
