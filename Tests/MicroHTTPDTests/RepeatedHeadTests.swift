import ClipriseLocks
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

/// Heads that a connection sends again, of which nothing need be read anew.
@Suite(.ownThreads, .enabled(if: dlsym(nil, "__tsan_init") == nil, "the thread sanitizer has a recv of its own"))
struct HandlerMemoryTests {
    static let poll = "GET /poll HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n"
    /// As long as `poll`, and other than it in one byte.
    static let other = "GET /poll HTTP/1.1\r\nHost: a\r\nX: 2\r\n\r\n"
    static let elsewhere = "GET /else HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n"
    static let longer = "GET /poll HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 2\r\n\r\n"
    static let chunked = "POST /poll HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n0\r\n\r\n"
    static let bare = "GET /poll HTTP/1.1\nHost: a\nX: 1\n\n"

    static func post(_ body: String) -> String {
        "POST /poll HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body
    }

    /// Heads of one length, with two bytes behind them.
    static func marked(_ mark: Int, _ body: String) -> String {
        "POST /poll HTTP/1.1\r\nHost: a\r\nX: \(mark)\r\nContent-Length: 2\r\n\r\n" + body
    }

    static func long(_ value: String) -> String {
        "GET /poll HTTP/1.1\r\nX: \(String(repeating: "x", count: 600))\(value)\r\n\r\n"
    }

    /// What a connection sends, some requests at once and the next behind their answers, and for each request whether its
    /// head is known again.
    struct Dialogue: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var pieces: [[String]]
        var repeats: [Bool]

        init(_ description: String, _ pieces: [[String]], _ repeats: [Bool]) {
            testDescription = description
            self.pieces = pieces
            self.repeats = repeats
        }

        init(_ description: String, _ requests: [String], _ repeats: [Bool]) {
            self.init(description, requests.map { [$0] }, repeats)
        }
    }

    static let dialogues = [
        Dialogue("one head", Array(repeating: poll, count: 5), [false, false, true, true, true]),
        Dialogue("two in turn", [poll, other, poll, other, poll], Array(repeating: false, count: 5)),
        Dialogue(
            "one, then another", [poll, poll, poll, other, other, elsewhere, elsewhere, poll],
            [false, false, true, false, true, false, true, false]),
        Dialogue(
            "one that goes on where the other ends", [poll, poll, longer, longer, poll, poll],
            [false, false, false, true, false, true]),
        Dialogue(
            "other bodies", [post("ab"), post("cd"), post("ef"), post("g"), post("hi")],
            [false, false, true, false, false]),
        Dialogue(
            "a body that looks like the next head", [poll, poll, post(poll), post(poll), poll, poll],
            [false, false, false, true, false, true]),
        Dialogue(
            "several at once", [[poll], [poll, poll], [poll], [poll, poll, other], [poll], [poll]],
            [false, false, false, false, true, false, false, false, true]),
        Dialogue(
            "chunks, whose end is not counted", [poll, poll, chunked, poll, poll, poll],
            Array(repeating: false, count: 6)),
        // The head of the first is not kept, for the NUL behind it; nor is it taken for the head of the second.
        Dialogue(
            "another head behind one whose body has a NUL",
            [[poll], [marked(1, "a\0"), marked(2, "bc")], [marked(1, "de")], [marked(1, "fg")]],
            [false, false, false, false, true]),
        Dialogue("too long to be kept", [long("1"), long("1"), long("1")], Array(repeating: false, count: 3)),
        Dialogue("other line ends", [bare, bare, bare, poll, bare], [false, false, true, false, false]),
        Dialogue("an empty line before", [poll, poll, "\r\n" + poll, poll, poll], Array(repeating: false, count: 5)),
    ]

    private final class Kept: Sendable {
        let target: [UInt8]
        init(_ target: [UInt8]) { self.target = target }
    }

    /// One request, and what was known of its head.
    private struct Seen: Sendable {
        var request: Request
        var isRepeated: Bool
        var keptTarget: [UInt8]?
    }

    private static func listener(_ seen: Locked<[Seen]>) throws -> Listener {
        try Listener(
            reading: { request, _, head in
                let kept = head.reading as? Kept
                seen.withLock {
                    $0.append(Seen(request: request, isRepeated: head.isRepeated, keptTarget: kept?.target))
                }
                if head.isRepeated { head.reading = kept ?? Kept(request.target) }
                return .text("ok")
            })
    }

    @Test(arguments: dialogues)
    func `a head that comes again byte for byte is known, and nothing else is`(dialogue: Dialogue) throws {
        let (seen, apart) = (Locked<[Seen]>([]), Locked<[Seen]>([]))
        let (listener, other) = (try Self.listener(seen), try Self.listener(apart))
        let client = try RawSocket(port: listener.port)
        for piece in dialogue.pieces {
            try client.send(piece.joined())
            for request in piece {
                #expect(client.readResponse()?.status == 200)
                // The same on a connection of its own.
                let stranger = try RawSocket(port: other.port)
                try stranger.send(request)
                #expect(stranger.readResponse()?.status == 200)
            }
        }
        let (all, expected) = (seen.withLock { $0 }, apart.withLock { $0 })
        #expect(all.map(\.isRepeated) == dialogue.repeats)
        try #require(all.count == expected.count)
        for index in all.indices {
            let (request, wanted) = (all[index].request, expected[index].request)
            #expect(request.method == wanted.method && request.target == wanted.target && request.body == wanted.body)
            #expect(request.fieldTexts == wanted.fieldTexts)
            #expect(request.isOnReusedConnection == (index > 0))
            // The first one that is known has nothing kept yet, and what is kept goes with its head.
            let isKept = all[index].isRepeated && all[index - 1].isRepeated
            #expect(all[index].keptTarget == (isKept ? request.target : nil))
        }
    }

    @Test
    func `the end of an exchange is not reported when the handler does not want to know, that of the next one is`()
        throws
    {
        let (ends, gate) = (Locked<[ExchangeEnd]>([]), Gate())
        let (untold, told) = (
            "GET /unreported HTTP/1.1\r\nHost: a\r\n\r\n", "GET /reported HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        let listener = try Listener(
            ended: { end in
                ends.withLock { $0.append(end) }
                gate.open()
            },
            reading: { request, _, head in
                head.reportsEnd = request.target == Array("/reported".utf8)
                return .text("ok")
            })
        let client = try RawSocket(port: listener.port)
        for request in [untold, told, untold, told, untold] {
            try client.send(request)
            #expect(client.readResponse()?.status == 200)
        }
        // Refused before the handler could say so.
        try client.send("GET /unreported HTTP/1.1\r\nHost : a\r\n\r\n")
        #expect(client.readResponse()?.status == 400)
        while ends.withLock({ $0.count < 3 }), gate.pass() {}
        #expect(ends.withLock { $0.map(\.outcome) } == [.completed, .completed, .refused])
    }

    /// The same in every place where a head can be spoilt, behind heads that were sound.
    @Test func `a head that is spoilt is refused also behind sound ones that are like it`() throws {
        let served = try Served(["/poll": .text("ok")])
        for spoilt in [
            "GET /poll HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", "GET /poll HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n",
            "GET /po\0l HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n", "GET /poll HTTP/1.1\r\nHost: a\r\n\0: 1\r\n\r\n",
            "GET /poll HTTP/1.1\r\nHost: a\r\nX: 1\r\n y\r\n\r\n", "GET /poll HTTP/1.1\r\nHost: a\r\nX:\r1\r\n\r\n",
        ] {
            let client = try served.connect()
            for _ in 0..<4 {
                try client.send(Self.poll)
                #expect(client.readResponse()?.status == 200)
            }
            try client.send(spoilt + Self.poll)
            #expect(client.readResponse()?.status == 400, "\(spoilt.debugDescription)")
            #expect(client.readResponse() == nil, "\(spoilt.debugDescription)")
        }
        #expect(served.requests.count == 24)
    }

    @Test func `a head that comes in pieces is read in full, and so is the one behind it`() throws {
        let seen = Locked<[Seen]>([])
        let listener = try Self.listener(seen)
        let client = try RawSocket(port: listener.port)
        for _ in 0..<3 {
            try client.send(Self.poll)
            #expect(client.readResponse()?.status == 200)
        }
        // What begins here goes on behind the answer, so that it is read apart.
        try client.send(Self.poll + Self.poll.prefix(9))
        #expect(client.readResponse()?.status == 200)
        try client.send(String(Self.poll.dropFirst(9)))
        #expect(client.readResponse()?.status == 200)
        for _ in 0..<2 {
            try client.send(Self.poll)
            #expect(client.readResponse()?.status == 200)
        }
        #expect(seen.withLock { $0.map(\.isRepeated) } == [false, false, true, true, false, false, true])
    }

    /// Who sends what, in turn.
    struct Crowd: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var requests: [(client: Int, request: String)]
        var repeats: [Bool]
        /// Whether something was kept already of the head.
        var known: [Bool]
    }

    static let crowds = [
        Crowd(
            testDescription: "two with one head",
            requests: [(0, poll), (0, poll), (0, poll), (1, poll), (1, poll), (1, poll), (0, poll)],
            repeats: [false, false, true, false, false, true, true],
            known: [false, false, false, false, true, true, true]),
        Crowd(
            testDescription: "two with a head each",
            requests: [(0, poll), (1, other), (0, poll), (1, other), (0, poll), (1, other), (0, poll), (1, other)],
            repeats: [false, false, false, false, true, true, true, true],
            known: [false, false, false, false, false, false, true, true]),
        Crowd(
            testDescription: "one leaves the head of the other, and comes back",
            requests: [
                (0, poll), (0, poll), (1, poll), (1, poll), (0, poll), (1, other), (1, other), (0, poll), (1, poll),
                (1, poll), (0, poll),
            ],
            repeats: [false, false, false, false, true, false, true, true, false, true, true],
            // Meanwhile another head was the last, so that the one of who comes back is its own.
            known: [false, false, false, false, false, false, false, true, false, false, true]),
        Crowd(
            testDescription: "who had the head first leaves it",
            requests: [
                (0, poll), (0, poll), (1, poll), (1, poll), (0, elsewhere), (0, elsewhere), (1, poll), (0, elsewhere),
                (1, poll),
            ],
            repeats: [false, false, false, false, false, true, true, true, true],
            known: [false, false, false, false, false, false, false, true, true]),
        Crowd(
            testDescription: "bodies of one length",
            requests: [
                (0, post("ab")), (0, post("cd")), (0, post("ef")), (1, post("gh")), (1, post("ij")), (1, post("kl")),
                (0, post("mn")),
            ],
            repeats: [false, false, true, false, false, true, true],
            known: [false, false, false, false, true, true, true]),
    ]

    @Test(arguments: crowds)
    func `connections that send one head have what is kept of it together`(crowd: Crowd) throws {
        let (seen, apart) = (Locked<[Seen]>([]), Locked<[Seen]>([]))
        let (listener, other) = (try Self.listener(seen), try Self.listener(apart))
        let clients = try (0..<2).map { _ in try RawSocket(port: listener.port) }
        for (client, request) in crowd.requests {
            let stranger = try RawSocket(port: other.port)
            for socket in [clients[client], stranger] {
                try socket.send(request)
                #expect(socket.readResponse()?.status == 200)
            }
        }
        let (all, expected) = (seen.withLock { $0 }, apart.withLock { $0 })
        try #require(all.count == crowd.requests.count && expected.count == all.count)
        #expect(all.map(\.isRepeated) == crowd.repeats)
        #expect(all.map { $0.keptTarget != nil } == crowd.known)
        for (one, wanted) in zip(all, expected) {
            #expect(one.request.target == wanted.request.target && one.request.body == wanted.request.body)
            #expect(one.request.fieldTexts == wanted.request.fieldTexts)
            if let kept = one.keptTarget { #expect(kept == one.request.target) }
        }
    }
}
