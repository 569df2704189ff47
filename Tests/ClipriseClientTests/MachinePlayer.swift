import ClipriseClient

/// Plays a job in virtual time against answers given in order, and notes what the machine did.
struct MachinePlayer {
    var machine: JobMachine
    var generator = SplitMix64(seed: 1)
    var now = Duration.zero
    /// Such as `generate`, `wait 1.0`, `status`, `download 0`.
    var log: [String] = []

    init(_ job: Job) {
        machine = JobMachine(job)
    }

    /// - Returns: How the job ended; nil when the answers ran out.
    mutating func play(_ answers: [Answer]) -> Result<JobResult, ClipriseError>? {
        var rest = answers[...]
        while true {
            switch machine.next(now: now, using: &generator) {
            case .finish(let result): return result
            case .wait(let duration):
                log.append("wait \(duration / .seconds(1))")
                now += duration
            case .send(let call):
                switch call {
                case .generate: log.append("generate")
                case .status: log.append("status")
                case .download(_, let start): log.append("download \(start)")
                }
                guard let answer = rest.popFirst() else { return nil }
                machine.receive(answer, now: now)
            }
        }
    }

    struct AnswersRanOut: Error {
        var log: [String]
    }

    /// How the job ended.
    mutating func end(_ answers: [Answer]) throws -> Result<JobResult, ClipriseError> {
        guard let result = play(answers) else { throw AnswersRanOut(log: log) }
        return result
    }

    /// The calls without the waits.
    var calls: [String] { log.filter { !$0.hasPrefix("wait") } }
}

extension Answer {
    static func http(_ status: Int, _ body: String = "", retryAfter: Duration? = nil) -> Answer {
        .response(Response(status: status, body: Array(body.utf8), retryAfter: retryAfter))
    }

    static let accepted = http(200, #"[{"code":200,"taskId":"f11021d5b56bc19932b336ac0dbf413f"}]"#)
    static let processing = http(300, #"{"status":"processing"}"#)
    static let success = http(
        200, #"{"status":"success","fileURL":"http://h/app/cliprise/status?apiKey=k&taskId=t&download=true"}"#)
    static let failed = http(400, #"{"status":"failed","failMsg":"flagged"}"#)
    static let unknownTask = http(400, #"{"msg":"invalid_taskId"}"#)
    static let file = Answer.file(Transfer(heldCount: 1_000, kind: .jpeg))
    static func part(_ held: Int) -> Answer { .file(Transfer(heldCount: held, isComplete: false, kind: .jpeg)) }
    static let lost = Answer.failure(.lost)
    static let notSent = Answer.failure(.notSent)
    static let refused = Answer.failure(.refused(place: "http://127.0.0.1:1: no"))
}

/// A policy without chance: waits 1, 2, 4, 8, 8 … seconds.
let even = RetryPolicy(name: "even", cap: .seconds(8), jitter: .none, maxAttempts: 4, deadline: .seconds(100))

let taskID = "f11021d5b56bc19932b336ac0dbf413f"
