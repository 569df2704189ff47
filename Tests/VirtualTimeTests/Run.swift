import Foundation
import ProgramRunner

/// A run of `exec --virtual-time`.
struct Run {
    let outcome: Outcome
    /// The journal's exchanges, in order.
    let exchanges: [Exchange]

    struct Exchange {
        let operation: String
        let status: Int
        /// On the account's clock, in seconds.
        let began: Double
        let ended: Double
    }

    static let body = """
        {"model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/webhooks/cliprise", "input": \
        {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg", "seed": 424242}}
        """

    /// - Parameters:
    ///   - scenario: What follows the first two lines of a scenario.
    ///   - pause: Seconds, for clients that take them from `PAUSE`.
    init(
        _ command: [String], scenario: String = "tasks:\n  - {life: {after: 20m}}", pause: Double = 30,
        isVirtual: Bool = true, environment: [String: String] = [:]
    ) throws {
        (outcome, exchanges) = try withFolder { folder in
            let (file, journal) = ("\(folder)/scenario.yaml", "\(folder)/journal.jsonl")
            try "schema: cliprise-mock/v1\nname: test\n\(scenario)\n".write(
                toFile: file, atomically: true, encoding: .utf8)
            let options = [
                "exec", "--allow-idle", "--command-code", "--scenario", file, "--report", "journal=\(journal)",
            ]
            let outcome = try Program.mock.run(
                options + (isVirtual ? ["--virtual-time"] : []) + ["--"] + command,
                environment: ["PAUSE": "\(pause)", "BODY": Self.body].merging(environment) { $1 })
            let text = (try? String(contentsOfFile: journal, encoding: .utf8)) ?? ""
            return (outcome, try text.split(separator: "\n").compactMap(Self.exchange))
        }
    }

    private static func exchange(_ line: Substring) throws -> Exchange? {
        let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
        guard fields["kind"] as? String == "exchange", let began = fields["atNanoseconds"] as? Double,
            let operation = fields["operation"] as? String
        else { return nil }
        return Exchange(
            operation: operation, status: fields["status"] as? Int ?? 0, began: began / 1e9,
            ended: (fields["endedAtNanoseconds"] as? Double ?? began) / 1e9)
    }

    /// The waits between polls, in seconds.
    ///
    /// A client has an answer before its end is noted: on a busy machine such a wait is shorter than the client's own.
    var waits: [Double] { pairs.map { $1.began - $0.ended } }

    /// From one poll to the next, in seconds: what the answer took, and the client's whole wait.
    var gaps: [Double] { pairs.map { $1.began - $0.began } }

    private var pairs: [(Exchange, Exchange)] {
        let polls = exchanges.filter { $0.operation == "status" }
        return Array(zip(polls, polls.dropFirst()))
    }

    /// A file of this folder.
    static func client(_ name: String) -> String { Repository.path("Tests/VirtualTimeTests/clients/\(name)") }
}

/// Compiles a file of the clients' folder with the first of these compilers that is there; nil without any.
func compiled(_ name: String, to file: String, by compilers: [[String]]) throws -> String? {
    for compiler in compilers where Program(path: compiler[0]).works("--version") {
        let outcome = try Program(path: compiler[0]).run(compiler.dropFirst() + ["-o", file, Run.client(name)])
        guard outcome.status == 0 else { throw CompilerError(text: outcome.errors) }
        return file
    }
    return nil
}

struct CompilerError: Error {
    let text: String
}
