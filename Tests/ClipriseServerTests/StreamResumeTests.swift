import ClipriseServer
import RawSocket
import Testing

/// What a reader of the stream is told that lost its connection and comes back with the id that it saw last.
@Suite(.ownThreads) struct StreamResumeTests {
    typealias Running = AdminSocketTests.Running

    struct Told: Hashable {
        var account: Int
        var sequence: Int
    }

    /// A stream, opened behind an id.
    static func open(_ running: Running, _ query: String = "", last: String) throws -> RawSocket {
        let stream = try running.open()
        try running.send("GET /__admin/requests/stream\(query)", fields: "Last-Event-ID: \(last)\r\n", to: stream)
        _ = stream.read(through: "\r\n\r\n")
        return stream
    }

    /// Reads events of the name `event` until `count` are there; the id is that of the last.
    static func read(_ count: Int, _ stream: RawSocket) throws -> (told: [Told], id: String) {
        var (told, id): ([Told], String) = ([], "")
        while told.count < count {
            let text = try #require(stream.read(through: "\n\n"))
            guard let found = text.firstMatch(of: #/event: event\nid: (\d+-(\d+)-(\d+))\n/#) else { continue }
            told.append(Told(account: Int(found.2) ?? -1, sequence: Int(found.3) ?? -1))
            id = String(found.1)
        }
        return (told, id)
    }

    static func poll(_ running: Running, _ keys: [String]) throws {
        for key in keys { _ = try running.ask("GET /app/cliprise/status?apiKey=\(key)&taskId=x") }
    }

    /// Events that are read before the connection is lost.
    @Test(arguments: [1, 4, 7, 12])
    func `a stream of all accounts that is taken up again reports every event once`(before: Int) throws {
        let running = try Running { $0.accounts.append(.init(key: "other-key", credits: 1)) }
        let first = try running.open()
        try running.send("GET /__admin/requests/stream?after=0", to: first)
        try Self.poll(running, ["test-key", "other-key", "other-key", "test-key", "other-key"])
        try Self.poll(running, ["test-key", "test-key", "other-key", "other-key", "test-key"])
        // Each account has its opening and five polls.
        let (seen, id) = try Self.read(before, first)
        try Self.poll(running, ["other-key", "test-key", "test-key"])
        // A browser asks again as it did at first.
        let second = try Self.open(running, "?after=0", last: id)
        let rest = try Self.read(15 - before, second).told
        #expect(Set(seen).isDisjoint(with: rest))
        for account in 0...1 {
            let told = (seen + rest).filter { $0.account == account }.map(\.sequence)
            #expect(told == Array(1...(account == 0 ? 8 : 7)))
        }
    }

    @Test func `a stream of one account goes on behind the id`() throws {
        let running = try Running()
        try Self.poll(running, Array(repeating: "test-key", count: 4))
        let first = try running.open()
        try running.send("GET /__admin/requests/stream?account=test-key&after=0", to: first)
        let (_, id) = try Self.read(3, first)
        let second = try Self.open(running, "?account=test-key&after=0", last: id)
        #expect(try Self.read(2, second).told.map(\.sequence) == [4, 5])
    }

    @Test(arguments: ["0-2", "nonsense", "1-2-3-4"])
    func `an id that says nothing is answered with a gap`(last: String) throws {
        let running = try Running()
        try Self.poll(running, ["test-key"])
        let stream = try Self.open(running, last: last)
        #expect(stream.read(through: "\n\n")?.hasSuffix("event: gap\ndata: {}\n\n") == true)
        try Self.poll(running, ["test-key"])
        #expect(try Self.read(1, stream).told.map(\.sequence) == [3])
    }

    @Test func `events that are no longer kept are told as a gap of their account`() throws {
        let running = try Running { $0.journalLimit = 2 }
        let first = try running.open()
        try running.send("GET /__admin/requests/stream?after=0", to: first)
        let (_, id) = try Self.read(1, first)
        try Self.poll(running, Array(repeating: "test-key", count: 4))
        let second = try Self.open(running, last: id)
        #expect(second.read(through: "\n\n")?.hasSuffix("event: gap\ndata: {\"accountId\":0}\n\n") == true)
        #expect(try Self.read(2, second).told.map(\.sequence) == [4, 5])
    }

    @Test func `an exchange that ended while the reader was away is told when it comes back`() throws {
        let running = try Running()
        _ = try running.ask("POST /__admin/rules/fire", #"{"fault":{"hang":{"limit":"300ms"}}}"#)
        let first = try running.open()
        try running.send("GET /__admin/requests/stream?after=0", to: first)
        let client = try running.open()
        try running.send(AdminSocketTests.status, to: client)
        let (told, id) = try Self.read(2, first)
        #expect(told.map(\.sequence) == [1, 2])
        // The end of the exchange is noted before its client sees it, or soon after.
        _ = client.readToEnd()
        let second = try Self.open(running, last: id)
        let text = try #require(second.read(through: "\n\n"))
        #expect(text.contains("event: ended\ndata: {\"sequence\":2,"), "\(text)")
    }
}
