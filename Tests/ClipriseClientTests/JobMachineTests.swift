import ClipriseClient
import Testing

@Suite struct JobMachineTests {
    struct Script: Sendable, CustomTestStringConvertible {
        var name: String
        var answers: [Answer]
        /// The kind of error, or nil for a downloaded file.
        var error: ClipriseError.Kind?
        var calls: [String]
        var testDescription: String { name }
    }

    static let lostOnce = ClipriseError.Kind.outcomeUnknown(UnknownOutcome(reason: .connectionLost, sends: 1))
    static let unreadable = ClipriseError.Kind.outcomeUnknown(UnknownOutcome(reason: .unreadable, sends: 1))
    static func gateway(_ status: Int) -> ClipriseError.Kind {
        .outcomeUnknown(UnknownOutcome(reason: .gateway(status: status), sends: 1))
    }

    static let runs = [
        Script(
            name: "a smooth run", answers: [.accepted, .processing, .processing, .success, .file],
            calls: ["generate", "status", "status", "status", "download 0"]),
        Script(
            name: "the bare object", answers: [.http(200, #"{"code":200,"taskId":"t"}"#), .success, .file],
            calls: ["generate", "status", "download 0"]),
        Script(
            name: "success in an array", answers: [.accepted, .http(200, #"[{"status":"success"}]"#), .file],
            calls: ["generate", "status", "download 0"]),
        Script(name: "a lost reply", answers: [.lost], error: lostOnce, calls: ["generate"]),
        Script(name: "502 to generate", answers: [.http(502, "<html>")], error: gateway(502), calls: ["generate"]),
        Script(
            name: "503 with Retry-After to generate", answers: [.http(503, retryAfter: .seconds(2))],
            error: gateway(503), calls: ["generate"]),
        Script(name: "500 to generate", answers: [.http(500)], error: gateway(500), calls: ["generate"]),
        Script(name: "an empty answer", answers: [.http(200)], error: .emptyAnswer, calls: ["generate"]),
        Script(
            name: "an unparsable answer", answers: [.http(200, "[{\"code\":200,")], error: unreadable,
            calls: ["generate"]),
        Script(name: "an answer without a task", answers: [.http(200, "{}")], error: unreadable, calls: ["generate"]),
        Script(
            name: "a cut answer", answers: [.response(.init(status: 200, isComplete: false))], error: unreadable,
            calls: ["generate"]),
        Script(
            name: "429, then connection refused, then well",
            answers: [.http(429), .notSent, .accepted, .success, .file],
            calls: ["generate", "generate", "generate", "status", "download 0"]),
        Script(
            name: "429 for ever", answers: Array(repeating: .http(429, retryAfter: .seconds(3)), count: 4),
            error: .rateLimited(retryAfter: .seconds(3)), calls: Array(repeating: "generate", count: 4)),
        Script(
            name: "nobody listens", answers: Array(repeating: .notSent, count: 4), error: .unreachable,
            calls: Array(repeating: "generate", count: 4)),
        Script(
            name: "the first connection is refused", answers: [.refused],
            error: .connectionRefused(place: "http://127.0.0.1:1: no"), calls: ["generate"]),
        Script(
            name: "a connection is refused when one was not before",
            answers: [.http(429), .refused, .accepted, .refused, .success, .file],
            calls: ["generate", "generate", "generate", "status", "status", "download 0"]),
        Script(
            name: "a missing field",
            answers: [.http(200, #"{"code":400,"msg":"This field is required","data":null}"#)], error: .fieldRequired,
            calls: ["generate"]),
        Script(
            name: "a broken rule", answers: [.http(200, #"{"code":400,"msg":"size: no","data":null}"#)],
            error: .rejected(message: "size: no"), calls: ["generate"]),
        Script(
            name: "a wrong key", answers: [.http(400, #"{"msg":"invalid_api_key"}"#)], error: .invalidAPIKey,
            calls: ["generate"]),
        Script(
            name: "a wrong key, later edition",
            answers: [
                .http(
                    401,
                    #"{"code":401,"error":{"code":"invalid_api_key","message":"Missing or invalid API key."}}"#)
            ], error: .invalidAPIKey, calls: ["generate"]),
        Script(
            name: "a wrong model", answers: [.http(400, #"{"msg":"invalid_model_id"}"#)], error: .invalidModel,
            calls: ["generate"]),
        Script(
            name: "no credits",
            answers: [.http(400, #"{"msg":"insufficient_credits","action_url":"https://app.cliprise.app/pricing"}"#)],
            error: .insufficientCredits(actionURL: "https://app.cliprise.app/pricing"), calls: ["generate"]),
        Script(
            name: "no credits, later edition", answers: [.http(402)], error: .insufficientCredits(actionURL: nil),
            calls: ["generate"]),
        Script(name: "a wrong host", answers: [.http(400)], error: .wrongHost, calls: ["generate"]),
        Script(
            name: "a redirect", answers: [.http(302)], error: .unexpectedAnswer(status: 302), calls: ["generate"]),
        Script(
            name: "no such path", answers: [.http(404, #"{"code":404,"message":"no"}"#)],
            error: .unexpectedAnswer(status: 404), calls: ["generate"]),
        Script(
            name: "a failed task", answers: [.accepted, .processing, .failed], error: .taskFailed(message: "flagged"),
            calls: ["generate", "status", "status"]),
        Script(
            name: "a lost task", answers: [.accepted, .unknownTask], error: .taskLost, calls: ["generate", "status"]),
        Script(
            name: "a key revoked on the way",
            answers: [.accepted, .processing, .http(400, #"{"msg":"invalid_api_key"}"#)],
            error: .invalidAPIKey, calls: ["generate", "status", "status"]),
        Script(
            name: "a poll behind a wrong host", answers: [.accepted, .http(400, #"{"msg":"method_not_allowed"}"#)],
            error: .wrongHost, calls: ["generate", "status"]),
        Script(
            name: "polls that fail in each way",
            answers: [
                .accepted, .lost, .http(503), .http(200), .processing, .http(200, "{\"status\":"), .http(400, "<html>"),
                .notSent, .success, .file,
            ],
            calls: ["generate"] + Array(repeating: "status", count: 8) + ["download 0"]),
        Script(
            name: "an outage for ever", answers: [.accepted] + Array(repeating: .http(502), count: 4),
            error: .gateway(status: 502), calls: ["generate"] + Array(repeating: "status", count: 4)),
        Script(
            name: "empty polls for ever", answers: [.accepted] + Array(repeating: .http(200), count: 4),
            error: .unreadableAnswer(status: 200), calls: ["generate"] + Array(repeating: "status", count: 4)),
        Script(
            name: "success, then processing again",
            answers: [.accepted, .success, .processing, .success, .file],
            calls: ["generate", "status", "download 0", "status", "download 0"]),
        Script(
            name: "a download that breaks off twice",
            answers: [.accepted, .success, .part(400), .lost, .part(700), .file],
            calls: ["generate", "status", "download 0", "download 400", "download 400", "download 700"]),
        Script(
            name: "a damaged file comes anew",
            answers: [.accepted, .success, .file(.init(heldCount: 1_000, kind: .zip, defect: .checksum)), .file],
            calls: ["generate", "status", "download 0", "download 0"]),
        Script(
            name: "a file that is always damaged",
            answers: [.accepted, .success]
                + Array(repeating: .file(.init(heldCount: 1_000, kind: .zip, defect: .cut)), count: 4),
            error: .damagedFile(.cut),
            calls: ["generate", "status"] + Array(repeating: "download 0", count: 4)),
        Script(
            name: "a link that has expired once", answers: [.accepted, .success, .http(410), .success, .file],
            calls: ["generate", "status", "download 0", "status", "download 0"]),
        Script(
            name: "a link that stays expired", answers: [.accepted, .success, .http(404), .success, .http(404)],
            error: .linkExpired, calls: ["generate", "status", "download 0", "status", "download 0"]),
        Script(
            name: "a file beyond the limit", answers: [.accepted, .success, .failure(.answerTooLarge(limit: 5))],
            error: .answerTooLarge(limit: 5), calls: ["generate", "status", "download 0"]),
    ]

    @Test(arguments: runs)
    func `a run ends in the file or in the right error, after the right calls`(script: Script) throws {
        var player = MachinePlayer(.run(body: [], policy: even))
        let result = try player.end(script.answers)
        #expect(player.calls == script.calls)
        switch result {
        case .success(let value):
            #expect(script.error == nil)
            #expect(value.state == .downloaded && value.byteCount == 1_000 && value.kind == .jpeg)
        case .failure(let error):
            #expect(error.kind == script.error)
            #expect(error.task == (script.calls.contains("status") ? taskID : nil))
        }
    }

    @Test func `the waits follow the policy, and polls and errors count apart`() {
        var player = MachinePlayer(.run(body: [], policy: even))
        let answers: [Answer] = [
            .accepted, .processing, .processing, .http(503, retryAfter: .seconds(5)), .http(503), .processing,
            .processing, .success, .file,
        ]
        _ = player.play(answers)
        #expect(
            player.log == [
                "generate", "wait 1.0", "status", "wait 2.0", "status", "wait 4.0", "status", "wait 5.0", "status",
                "wait 2.0", "status", "wait 8.0", "status", "wait 8.0", "status", "download 0",
            ])
    }

    @Test func `the naive policy sends a lost generate again, and says so when it fails`() throws {
        var naive = try RetryPolicy(named: "naive")
        var player = MachinePlayer(.run(body: [], policy: naive))
        let result = try player.end([.lost, .http(502), .http(200), .accepted, .success, .file])
        #expect(player.calls == ["generate", "generate", "generate", "generate", "status", "download 0"])
        #expect(try result.get().retries == 3)

        naive.maxAttempts = 3
        var unlucky = MachinePlayer(.run(body: [], policy: naive))
        let end = try unlucky.end([.lost, .http(502), .notSent])
        let expected = ClipriseError(.outcomeUnknown(UnknownOutcome(reason: .connectionLost, sends: 2)))
        #expect(end == .failure(expected))
    }

    @Test func `a stuck task ends at the deadline, with one last look just before it`() throws {
        var player = MachinePlayer(.run(body: [], policy: even))
        let result = try player.end([.accepted] + Array(repeating: .processing, count: 100))
        #expect(result == .failure(ClipriseError(.deadlineExceeded, task: taskID)))
        #expect(player.now == .seconds(99))
        #expect(player.log.last == "status")
    }

    @Test func `a Retry-After that passes the deadline ends the job at once`() throws {
        var player = MachinePlayer(.generate(body: [], policy: even))
        let result = try player.end([.http(429, retryAfter: .seconds(100))])
        #expect(result == .failure(ClipriseError(.deadlineExceeded)))
        #expect(player.now == .zero)
    }

    static let goals: [(job: Job, answers: [Answer], state: JobResult.State)] = [
        (.generate(body: [1], policy: even), [.accepted], .accepted),
        (.status(task: taskID, policy: even), [.http(503), .processing], .processing),
        (.status(task: taskID, policy: even), [.success], .succeeded),
        (.wait(task: taskID, policy: even), [.processing, .success], .succeeded),
        (.download(task: taskID, policy: even), [.file], .downloaded),
        (.download(task: taskID, policy: even), [.processing, .success, .file], .downloaded),
    ]

    @Test(arguments: goals)
    func `each goal ends where it says`(goal: (job: Job, answers: [Answer], state: JobResult.State)) throws {
        var player = MachinePlayer(goal.job)
        let value = try player.end(goal.answers).get()
        #expect(value.state == goal.state)
        #expect(value.task == taskID)
    }

    @Test func `a task that was never known is not one that was lost`() throws {
        var stranger = MachinePlayer(.wait(task: "x", policy: even))
        let first = try stranger.end([.unknownTask])
        #expect(first == .failure(ClipriseError(.unknownTask, task: "x")))
        var lost = MachinePlayer(.wait(task: "x", policy: even))
        let second = try lost.end([.processing, .unknownTask])
        #expect(second == .failure(ClipriseError(.taskLost, task: "x")))
    }

    @Test func `cancelling is without risk but while a generate is out`() {
        var machine = JobMachine(.run(body: [], policy: even))
        var generator = SplitMix64(seed: 1)
        #expect(machine.cancel() == nil)
        _ = machine.next(now: .zero, using: &generator)
        let expected = ClipriseError(.outcomeUnknown(UnknownOutcome(reason: .cancelled, sends: 1)))
        #expect(machine.cancel() == expected)
    }

    @Test func `asked too early, the machine says what is left of the wait`() {
        var machine = JobMachine(.run(body: [], policy: even))
        var generator = SplitMix64(seed: 1)
        _ = machine.next(now: .zero, using: &generator)
        machine.receive(.accepted, now: .milliseconds(500))
        #expect(machine.next(now: .milliseconds(600), using: &generator) == .wait(.milliseconds(900)))
        #expect(machine.next(now: .milliseconds(1_000), using: &generator) == .wait(.milliseconds(500)))
        #expect(machine.next(now: .milliseconds(1_500), using: &generator) == .send(.status(task: taskID)))
        #expect(machine.patience(now: .milliseconds(1_500)) == .seconds(30))
        #expect(machine.patience(now: .seconds(99)) == .seconds(1))
    }

    /// A client that resends without a pause does so many times before its deadline.
    @Test func `a generate may be resent forty thousand times`() {
        var policy = RetryPolicy(name: "at once", base: .zero, jitter: .none, maxAttempts: 50_000, retryBudget: nil)
        policy.resends = .always
        var player = MachinePlayer(.run(body: [], policy: policy))
        #expect(player.play(Array(repeating: .failure(.lost), count: 40_000)) == nil)
        #expect(player.calls.count == 40_001)
    }

    @Test func `equal seeds make equal jobs`() {
        func log(_ seed: UInt64) -> [String] {
            var player = MachinePlayer(.run(body: [], policy: .standard))
            player.generator = SplitMix64(seed: seed)
            _ = player.play([.accepted, .processing, .http(503), .processing, .success, .part(5), .file])
            return player.log
        }
        #expect(log(5) == log(5))
        #expect(log(5) != log(6))
    }

    @Test func `a machine is small`() {
        #expect(MemoryLayout<JobMachine>.size <= 300)
    }
}
