import ClipriseCatalog
import ClipriseEngine
import ClipriseLocks
import ClipriseServer
import ClipriseWire
import Glibc
import MicroHTTPD
import RawSocket
import Testing

@Suite(.ownThreadsFirst) struct HostileServerTests {
    struct Setting: Sendable, CustomTestStringConvertible {
        var workers: Int
        var log: LogSettings.Format
        var testDescription: String { "\(workers) workers, log \(log)" }
    }

    static let settings = [Setting(workers: 1, log: .text), Setting(workers: 2, log: .json)]

    @Test(.timeLimit(.minutes(15)), arguments: settings)
    func `no request on a socket brings the server down, holds it up or moves a credit`(setting: Setting) throws {
        let target = try Target(setting)
        let requests = try HostileRequests()
        let task = try target.startEndlessTask()
        let before = try target.money()
        var memory = 0
        var owed: [Int: [Bool]] = [:]
        var crowd = Crowd(port: target.port)
        for index in 0..<HostileRequests.count {
            let request = requests[index]
            owed[index] = request.owed
            for fate in crowd.add(index, request.bytes, owed: request.owed) {
                judge(fate, owed.removeValue(forKey: fate.index), requests)
            }
            guard index % 250 == 249 else { continue }
            #expect(try target.poll(task) == 300, "a poll after request \(index)")
            if index == 999 { memory = try residentBytes() }
        }
        for fate in crowd.finish() { judge(fate, owed.removeValue(forKey: fate.index), requests) }
        #expect(try target.poll(task) == 300)
        #expect(try target.money() == before)
        #expect(try target.get("/__admin/health").status == 200)
        #expect(try residentBytes() - memory < memoryLimit)
        target.server.stop()
    }

    private func judge(_ fate: Crowd.Fate, _ owed: [Bool]?, _ requests: HostileRequests) {
        switch fate.end {
        case .hung: Issue.record("neither answered nor closed: \(requests.name(fate.index))")
        case .refused(let errno): Issue.record("no connection (\(errno)): \(requests.name(fate.index))")
        case .answered, .closed, .reset: break
        }
        guard let owed else { return }
        let answers = Answers(fate.received, heads: owed)
        if !answers.isWhole || (answers.all.count != owed.count && !answers.isClosing) {
            Issue.record("\(answers.all.count) of \(owed.count) answers, \(fate.end): \(requests.name(fate.index))")
        }
        for answer in answers.all where answer.status >= 500 && answer.status != 501 {
            Issue.record("status \(answer.status): \(requests.name(fate.index))")
        }
    }

    /// For the thread sanitizer: a body's empty key is looked for among the known ones on each worker's own thread.
    @Test func `threads that look for the empty word write to nothing in common`() {
        let found = Locked(Set<String?>())
        let threads = (0..<4).map { _ in
            OtherThread {
                // Often: of two writes at the very same time the sanitizer sees none, nor any behind a common lock.
                let all = (0..<1_000).map { _ in Spelling.nearest(to: "", in: ["model", "input"]) }
                found.withLock { $0.formUnion(all) }
            }
        }
        for thread in threads { thread.join() }
        #expect(found.withLock { $0 } == [nil])
    }

    @Test func `a client that closes its side with its last bytes is let go before the idle time`() throws {
        let target = try Target(Setting(workers: 1, log: .text), headTimeout: .seconds(4))
        let fate = try target.exchangeAndCloseAtOnce(Draft.status(ascii("?apiKey=\(Payer.rich)")).bytes)
        #expect(Answers(fate.received, heads: [false]).all.map(\.status) == [400])
        #expect(fate.end == .closed)
    }

    @Test(arguments: [false, true])
    func `a body of 10 MB is answered with 413 before it is read, and the connection closes`(isChunked: Bool) throws {
        let target = try Target(Setting(workers: 1, log: .text))
        var draft = Draft.generate(Payer.rich, repeated(" ", 10 << 20))
        draft.isChunked = isChunked
        // A tenth of it and a bit: enough for what is announced, and for the limit to be passed.
        let begun = Array(draft.bytes[..<(isChunked ? 1_300_000 : 100_000)])
        let fate = try target.exchange(begun, owed: nil)
        let answers = Answers(fate.received, heads: [false])
        #expect(answers.all.map(\.status) == [413])
        #expect(answers.isClosing)
        #expect(fate.end == .closed)
        #expect(try target.get("/__admin/health").status == 200)
    }
}

/// A server with the accounts of a run, and an honest client of it.
struct Target {
    struct Unanswered: Error {}

    let server: Server
    var port: UInt16 { server.port }

    /// - Parameter headTimeout: By default enough for sixty bodies of 1 MiB at once, with a sanitizer on a slow machine.
    init(_ setting: HostileServerTests.Setting, headTimeout: TimeSpan = .seconds(isSanitized ? 120 : 30)) throws {
        var configuration = ServerConfiguration(catalog: try Catalog.builtIn())
        configuration.accounts = [
            .init(key: Payer.rich, credits: Payer.richCredits), .init(key: Payer.poor, credits: 0),
            .init(key: Payer.honest, credits: 1_000),
        ]
        configuration.engine.pace = .scaled(1_000_000)
        configuration.listener.workers = setting.workers
        // A quarter of it is how long a client that has left may go unnoticed.
        configuration.listener.headTimeout = headTimeout
        // Everything is logged, and nobody reads it.
        configuration.log = LogSettings(level: .debug, format: setting.log, descriptor: open("/dev/null", O_WRONLY))
        server = try Server(configuration)
    }

    func exchange(_ bytes: [UInt8], owed: [Bool]?) throws -> Crowd.Fate {
        var crowd = Crowd(port: port)
        let fates = crowd.add(0, bytes, owed: owed) + crowd.finish()
        guard let fate = fates.first else { throw Unanswered() }
        return fate
    }

    /// Sends the bytes and the end in one go; gives up well before a connection that is idle is closed.
    func exchangeAndCloseAtOnce(_ bytes: [UInt8]) throws -> Crowd.Fate {
        var crowd = Crowd(port: port, patience: 30_000_000_000, closesAtOnce: true)
        let fates = crowd.add(0, bytes, owed: nil) + crowd.finish()
        guard let fate = fates.first else { throw Unanswered() }
        return fate
    }

    private func answer(to draft: Draft) throws -> Answers.Answer {
        guard let answer = Answers(try exchange(draft.bytes, owed: [false]).received, heads: [false]).all.first else {
            throw Unanswered()
        }
        return answer
    }

    func get(_ path: String) throws -> Answers.Answer {
        var draft = Draft.admin("GET", "")
        draft.target = ascii(path)
        return try answer(to: draft)
    }

    /// - Returns: The id of a task that does not end during the test.
    func startEndlessTask() throws -> String {
        let body = """
            {"model":"z-image","callBackUrl":"https://a.example/hook","input":{"prompt":"a lamp","aspect_ratio":"1:1"}}
            """
        let answer = try answer(to: .generate(Payer.honest, ascii(body)))
        let words = String(decoding: answer.body, as: UTF8.self).split(separator: "\"")
        guard answer.status == 200, let task = words.first(where: { $0.count == 32 }) else { throw Unanswered() }
        return String(task)
    }

    /// - Returns: The status of an honest poll.
    func poll(_ task: String) throws -> Int {
        try answer(to: .status(ascii("?apiKey=\(Payer.honest)&taskId=\(task)"))).status
    }

    /// Everything that the admin API says of the money of the accounts.
    func money() throws -> [String] {
        try [Payer.rich, Payer.poor, Payer.honest].flatMap { key in
            try ["/__admin/accounts/\(key)", "/__admin/accounts/\(key)/ledger"].map { path in
                moneyPart(String(decoding: try get(path).body, as: UTF8.self))
            }
        }
    }
}

/// What an answer says of money: an account goes on to count tasks and events.
func moneyPart(_ answer: String) -> String {
    String(answer[..<(answer.firstRange(of: #","tasks":"#)?.lowerBound ?? answer.endIndex)])
}

/// How much the process may grow during nine thousand requests; bytes.
///
/// Other tests run in the same process, and a sanitizer keeps what was freed for a while.
private let memoryLimit = isSanitized ? 1 << 30 : 256 << 20

/// Whether the program was built with the address or the thread sanitizer.
let isSanitized = dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil

private func residentBytes() throws -> Int {
    let words = String(decoding: try SoundBodies.file("/proc/self/statm"), as: UTF8.self).split(separator: " ")
    guard words.count > 1, let pages = Int(words[1]) else { throw Target.Unanswered() }
    return pages * 4_096
}
