import ClipriseScenario
import ClipriseWire
import RawSocket
import Testing

@testable import ClipriseServer

/// How callbacks went stands in the log: a receiver that cannot be reached is no secret.
@Suite(.ownThreads) struct CallbackLogTests {
    static let task = TaskID(high: 1, low: 2)
    static let start = "00:00:00.000"
    static let end = " task=00000000000000010000000000000002 key=test…c7c7"

    private static func outcome(
        status: Int? = nil, error: String? = nil, fault: FaultWord? = nil, url: String = "https://x.example.com/cb"
    ) -> CallbackOutcome {
        CallbackOutcome(
            task: task, url: url, attempt: 2, status: status, error: error, fault: fault, key: Array("test-key".utf8))
    }

    static let told: [(outcome: CallbackOutcome, level: LogSettings.Level, line: String)] = [
        (
            outcome(error: "Name or service not known"), .warning,
            "\(start) !callback to https://x.example.com/cb attempt 2\(end): Name or service not known; --callback-to URL "
                + "sends all callbacks to a receiver of yours\n"
        ),
        (
            outcome(status: 500), .warning,
            "\(start) !callback to https://x.example.com/cb attempt 2\(end): answered with 500\n"
        ),
        (outcome(status: 204), .warning, ""),
        (
            outcome(status: 204), .info,
            "\(start)  callback to https://x.example.com/cb attempt 2\(end): taken with 204\n"
        ),
        (
            outcome(fault: .drop), .info,
            "\(start)  callback to https://x.example.com/cb attempt 2\(end) [drop]: kept back by a fault\n"
        ),
        (
            outcome(error: "\u{1B}[31m\n", url: "https://x/\u{202E}"), .warning,
            "\(start) !callback to https://x/\\u202e attempt 2\(end): \\u001b[31m\\n; --callback-to URL sends all callbacks "
                + "to a receiver of yours\n"
        ),
    ]

    @Test(arguments: told.indices)
    func `an attempt is told with what came of it, a failure as a warning`(index: Int) throws {
        let (outcome, level, line) = Self.told[index]
        let pipe = try LogPipe()
        let log = ExchangeLog(LogSettings(level: level, descriptor: pipe.writeEnd))
        log.report(outcome, time: 0)
        log.flush()
        #expect(pipe.text() == line)
    }
}
