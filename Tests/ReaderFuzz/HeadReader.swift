internal import ClipriseLocks
internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

/// The listener with the bytes of a connection, held to another reading of them (`StrictHTTP`).
///
/// What it hands on must be what the other reading has, request by request: whoever stands in front of a server and
/// reads as RFC 9112 says must never be outwitted. It may refuse more, and must say so.
///
/// Before it the connection sends a sound request three times, which is mostly like it: a head that came before is known
/// by its bytes, and what is not the same must not be taken for it.
struct HeadReader: Sendable {
    private let listener: Listener
    /// The first request of an input before that was sound.
    private let last = Locked<[UInt8]>([])
    private static let repeats = 3
    /// What ends an answer to a sound request.
    private static let end: [UInt8] = [13, 10, 13, 10, 0x61]
    private static let sentinel = Array("GET /sentinel HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
    /// What a refused request is answered with.
    private static let refusals: Set<Int> = [400, 408, 413, 414, 417, 431, 501, 505]

    init() throws {
        var configuration = ListenerConfiguration()
        configuration.headTimeout = .seconds(2)
        configuration.bodyLimit = 1 << 16
        listener = try Listener(configuration) { request, _ in
            // A CONNECT that succeeds has no body.
            ResponsePlan(
                status: request.method == .extended("CONNECT") ? 404 : 200,
                fields: [
                    .init(
                        "X-Saw",
                        Self.digest(
                            Array("\(request.method)".utf8), request.target, Array(request.body),
                            Array(StrictHTTP.trimmed(request.fields.first("host") ?? []))))
                ], body: .plain([0x61]))
        }
    }

    /// A word for a request.
    private static func digest(_ parts: [UInt8]...) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for part in parts {
            for byte in part + [10] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        return String(hash, radix: 16)
    }

    /// False when the input's first request was refused.
    ///
    /// Stops the program when the listener is wrong.
    func read(_ input: [UInt8]) -> Bool {
        let before = self.before(input)
        let bytes = input + Self.sentinel
        let strict = StrictHTTP(before + before + before + bytes)
        guard let text = exchange(before, bytes, strict) else {
            Self.fail("neither answered nor closed, or no connection: \(errno)")
        }
        let ahead = before.isEmpty ? 0 : Self.repeats
        var rest = text[...]
        var handled = 0
        while !rest.isEmpty {
            let isToHead = handled < strict.messages.count && strict.messages[handled].method == Array("HEAD".utf8)
            guard let answer = Self.takeAnswer(&rest, isToHead: isToHead) else {
                Self.fail("no whole answer: \(String(decoding: rest, as: UTF8.self))")
            }
            if answer.status == 100 { continue }
            guard let saw = answer.saw else {
                guard Self.refusals.contains(answer.status), rest.isEmpty else {
                    Self.fail("\(answer.status), and \(rest.count) bytes behind it")
                }
                return handled > ahead
            }
            // Behind what is in doubt there is nothing any more.
            if strict.hasOddLine, rest.isEmpty { return true }
            guard handled < strict.messages.count else { Self.fail("a request that is none was handed on") }
            let message = strict.messages[handled]
            guard saw == Self.digest(message.method, message.target, message.body, message.host) else {
                Self.fail("request \(handled + 1) was read in another way")
            }
            handled += 1
        }
        // Refused without a word.
        guard handled == strict.messages.count || !strict.messages[handled].isClean || strict.hasOddLine else {
            Self.fail("request \(handled + 1) is sound and got no answer")
        }
        return handled > ahead
    }

    /// What the connection sends before an input: the first request of this one, or of one before it; empty for none.
    private func before(_ input: [UInt8]) -> [UInt8] {
        let strict = StrictHTTP(input)
        let own: [UInt8]? =
            if let first = strict.messages.first, first.isClean, !first.isLast, strict.firstLength <= 600,
                first.method != Array("HEAD".utf8), first.method != Array("CONNECT".utf8)
            { Array(input[..<strict.firstLength]) } else { nil }
        return last.withLock { last in
            defer { if let own { last = own } }
            return input.count % 2 == 0 ? own ?? last : last
        }
    }

    /// Says what is wrong, which a release build would not, and ends the program.
    private static func fail(_ text: String) -> Never {
        let line = Array("the listener: \(text)\n".utf8)
        _ = write(STDERR_FILENO, line, line.count)
        preconditionFailure(text)
    }

    private func exchange(_ before: [UInt8], _ bytes: [UInt8], _ strict: StrictHTTP) -> [UInt8]? {
        guard let socket = LoopbackSocket(port: listener.port) else { return nil }
        let repeats = before.isEmpty ? 0 : Self.repeats
        for count in 0..<repeats {
            socket.send(before)
            socket.read(through: Self.end, times: count + 1)
        }
        // Whoever was refused early may find the connection closed.
        socket.send(bytes)
        if strict.isOpen {
            // Otherwise the listener closes, after the last request or where it refuses. A listener looks away for a
            // while from a client that closes in the moment of its last bytes.
            if strict.messages.count == repeats {
                usleep(200)
            } else {
                socket.read(through: [13, 10, 13, 10], times: repeats + 1)
            }
            socket.closeSending()
        }
        return socket.readToEnd()
    }

    private static func takeAnswer(
        _ rest: inout ArraySlice<UInt8>, isToHead: Bool
    ) -> (status: Int, saw: String?)? {
        guard let end = rest.firstRange(of: [13, 10, 13, 10]) else { return nil }
        let lines = String(decoding: rest[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        rest = rest[end.upperBound...]
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]) else { return nil }
        if status == 100 { return (status, nil) }
        func value(_ name: String) -> Substring? {
            lines.first { $0.hasPrefix(name + ": ") }.map { $0.dropFirst(name.count + 2) }
        }
        guard let length = value("Content-Length").flatMap({ Int($0) }) else { return nil }
        let saw = value("X-Saw").map(String.init)
        guard !(isToHead && saw != nil) else { return (status, saw) }
        // A HEAD that was refused has no body either.
        guard rest.count >= length || saw == nil && rest.isEmpty else { return nil }
        rest = rest.dropFirst(length)
        return (status, saw)
    }
}
