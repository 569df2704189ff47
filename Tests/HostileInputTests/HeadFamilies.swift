// Request lines, header fields and framing that no client should send. All of them carry the rich account's key and a
// body without a callback URL, so that whatever is let through is refused.

internal import Spoiling

private let host = "Host: business.api.cliprise.app\r\n"
private let bearer = "Authorization: Bearer \(Payer.rich)\r\nContent-Type: application/json\r\n"
private let body = #"{"model":"flux-2","input":{"prompt":"a"}}"#

private func post(_ fields: String, _ rest: String) -> [UInt8] {
    ascii("POST /app/cliprise/generate HTTP/1.1\r\n\(fields)\r\n\(rest)")
}

private let lines = [
    "", "\r\n\r\n\r\n", " ", "GET", "GET ", "GET /", "GET / HTTP", "GET / HTTP/", "GET / HTTP/9.9", "GET / HTTP/1.1.1",
    "GET / http/1.1", "GET  /  HTTP/1.1", "GET / HTTP/1.1 x", "GET\t/\tHTTP/1.1", " GET / HTTP/1.1", "\0 / HTTP/1.1",
    "G\0T / HTTP/1.1", "GET /\0 HTTP/1.1", "GET / HTTP/1.1\0", "GET / HTTP/2.0", "PRI * HTTP/2.0", "\u{16}\u{3}\u{1}",
    "CONNECT a:1 HTTP/1.1", "OPTIONS * HTTP/1.1", "GET * HTTP/1.1", "GET / HTTP/1.0", "GET / HTTP/0.9",
    "POST /app/cliprise/generate", "POST /app/cliprise/generate HTTP/1.18446744073709551617",
    "\u{1B}[2J / HTTP/1.1", "TRACE / HTTP/1.1", "GET / HTTP/-1.1", "GET /app/cliprise/status?a b HTTP/1.1",
]

private let fields = [
    "A\0B: 1\r\n", "A: 1\0 2\r\n", "A: 1\r2\r\n", "A: 1\n", ": 1\r\n", "A\r\n", "A : 1\r\n", " A: 1\r\n",
    "A: 1\r\n folded\r\n", "A: 1\r\n\tfolded: 2\r\n", "\r: 1\r\n", "A:\r\n", "A: \u{7F}\u{1}\r\n", "\u{1B}[31mA: 1\r\n",
    "Host: a\r\n", "Host: \r\n", "Host: [::1\r\n", "Host: a:99999999999999999999\r\n",
    "Host: business.api.cliprise.app\r\n",
    "Authorization: Bearer x\r\n", "Authorization:\r\n", "Authorization: Bearer\r\n", "AUTHORIZATION: bearer  a b\r\n",
    "Expect: 100-continue\r\n", "Expect: the-unexpected\r\n", "Connection: close, keep-alive, upgrade\r\n",
    "Upgrade: websocket\r\nConnection: upgrade\r\n", "Range: bytes=-18446744073709551616-\r\n",
    "Cookie: \(";=,\"")\r\n",
    "Trailer: Content-Length\r\n", "Content-Type: \0\r\n", "Content-Encoding: gzip\r\n", "Origin: null\r\n",
]

private let framings = [
    "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: 5\r\nContent-Length: 5\r\n",
    "Content-Length: -1\r\n",
    "Content-Length: +41\r\n", "Content-Length: 0x29\r\n", "Content-Length: 41, 41\r\n", "Content-Length: 4 1\r\n",
    "Content-Length: 18446744073709551616\r\n", "Content-Length: 9223372036854775807\r\n", "Content-Length:\r\n",
    "Content-Length: 99999999999999999999999999999999\r\n", "Content-Length: 1e3\r\n", "Content-Length: 41.0\r\n",
    "Transfer-Encoding: gzip\r\n", "Transfer-Encoding: chunked, chunked\r\n", "Transfer-Encoding: identity\r\n",
    "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding : chunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "Transfer-Encoding:\u{B}chunked\r\n",
    "Content-Length: 41\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 41\r\n",
    "Content-Length: 1048577\r\n", "Content-Length: 10485760\r\n", "Content-Length: 4\r\nExpect: 100-continue\r\n",
]

private let chunks = [
    "Z\r\n", "-1\r\nabc\r\n", "0x3\r\nabc\r\n", "FFFFFFFFFFFFFFFF\r\nabc", "10000000000000000\r\nabc", "3\r\nabcd\r\n",
    "3;\r\nabc\r\n0\r\n\r\n", "3;a=\"\r\n\"\r\nabc\r\n0\r\n\r\n", "3\nabc\n0\n\n", "\r\n3\r\nabc\r\n", " 3\r\nabc\r\n",
    "00000000000000000000000000000003\r\nabc\r\n0\r\n\r\n", "3\r\nab", "3\r", "0\r\nContent-Length: 9\r\n\r\n",
    "0\r\nA\0: 1\r\n\r\n", "7FFFFFFF\r\nabc", "FFFFF\r\nabc", "A00000\r\nabc", "3\r\n\0\0\0\r\n0\r\n\r\n", "1\r\n",
]

let headFamilies: [Family] = [
    broken("request lines", 40) { chance, _ in
        ascii(chance.pick(lines)) + ascii(chance.pick(["\r\n", "\n", "\r", "\r\n\r\n"]) + "\(host)\r\n")
    },
    broken("random request lines", 20) { chance, _ in
        chance.bytes(chance.below(200)) + ascii(" / HTTP/1.1\r\n\(host)\r\n")
    },
    broken("random bytes", 20) { chance, _ in chance.bytes(1 + chance.below(3_000)) },
    broken("header fields", 60) { chance, _ in
        let strange = (0...chance.below(3)).map { _ in chance.pick(fields) }.joined()
        let length = "Content-Length: \(body.utf8.count)\r\n"
        return post(chance.oneIn(2) ? strange + host + bearer + length : host + bearer + length + strange, body)
    },
    broken("random header bytes", 30) { chance, _ in
        ascii("POST /app/cliprise/generate HTTP/1.1\r\n\(host)\(bearer)X-") + chance.bytes(chance.below(300))
            + ascii("\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    },
    broken("crowds of header fields", 8) { chance, _ in
        switch chance.below(4) {
        case 0: post(String(repeating: "a: b\r\n", count: 10_000) + host + bearer, "")
        case 1: post(host + "X: \(String(repeating: "x", count: 100_000))\r\n", "")
        case 2: post(host + "\(String(repeating: "x", count: 100_000)): 1\r\n", "")
        default: post(String(repeating: host, count: 500) + String(repeating: bearer, count: 200), body)
        }
    },
    broken("framing", 50) { chance, _ in post(host + bearer + chance.pick(framings), body) },
    broken("chunks", 50) { chance, _ in
        post(
            host + bearer + "Transfer-Encoding: chunked\r\n",
            chance.oneIn(2) ? chance.pick(chunks) : "29\r\n\(body)\r\n" + chance.pick(chunks))
    },
]
