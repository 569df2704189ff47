import ClipriseClient
import Foundation
import Glibc
import Testing

/// What the client itself costs, measured in processes that do nothing else.
@Suite struct CostTests {
    @Test func `100,000 polls take no more memory than 2,000`() async {
        await #expect(processExitsWith: .success) {
            await poll(2_000)
            let before = residentBytes()
            await poll(100_000)
            // At 50 bytes a poll it would be 5 MB.
            precondition(residentBytes() - before < 2 << 20, "it grew by \(residentBytes() - before) bytes")
        }
    }

    @Test func `1,000 runs take less than 1 ms of processor time each`() async {
        await #expect(processExitsWith: .success) {
            let one = endless(.standard)
            func run() async {
                do {
                    _ = try await one.run(anyRequest, to: { _ in })
                } catch {
                    preconditionFailure("\(error)")
                }
            }
            await run()
            let before = clock()
            for _ in 0..<1_000 { await run() }
            let spent = Double(clock() - before) / Double(CLOCKS_PER_SEC)
            precondition(spent < 1, "\(spent) ms each")
        }
    }
}

private func endless(_ policy: RetryPolicy) -> ClipriseClient {
    guard let key = APIKey("k"),
        let configuration = try? ClientConfiguration(key: key, baseURL: "http://h", policy: policy)
    else { preconditionFailure("a configuration") }
    return ClipriseClient(configuration, transport: EndlessTransport(), clock: TestClock().clock)
}

/// Polls an endless task this often.
private func poll(_ count: Int) async {
    var policy = RetryPolicy(name: "t", base: .milliseconds(1), factor: 1, jitter: .none)
    policy.deadline = .milliseconds(count)
    do {
        _ = try await endless(policy).wait(for: "endless")
        preconditionFailure("an endless task has ended")
    } catch {
        precondition((error as? ClipriseError)?.kind == .deadlineExceeded)
    }
}

func residentBytes() -> Int {
    let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
    return (text?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
}

/// Accepts everything; the task `endless` never ends, any other is finished at its third poll.
private actor EndlessTransport: ClipriseTransport {
    private var polls = 0

    func send(
        _ exchange: TransportExchange, receive: @escaping @Sendable (ResponseHead, [UInt8]) async throws -> Void
    ) async throws {
        let path = exchange.request.path
        var (status, text) = (300, #"{"status":"processing"}"#)
        if path.hasSuffix("/generate") {
            polls = 0
            (status, text) = (200, #"[{"code":200,"taskId":"f11021d5b56bc19932b336ac0dbf413f"}]"#)
        } else if path.hasSuffix("download=true") {
            (status, text) = (200, "the file")
        } else {
            polls += 1
            if polls == 3, !path.hasSuffix("endless") { (status, text) = (200, #"{"status":"success"}"#) }
        }
        try await receive(ResponseHead(status: status), Array(text.utf8))
    }

    func shutdown() async {}
}
