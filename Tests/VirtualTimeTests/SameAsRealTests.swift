import ProgramRunner
import RawSocket
import Testing

/// One client against one scenario, once in real time at a twentieth of all times, and once in virtual time.
@Suite(.ownThreads) struct SameAsRealTests {
    static let scenario = (
        virtual: """
        tasks:
          - {life: {after: 90s}}
        rules:
          - {when: {operation: status}, plan: [pass, {fault: {latency: 12s}}, {fault: {status: 503}}, pass]}
        """,
        real: """
        tasks:
          - {life: {after: 4500ms}}
        rules:
          - {when: {operation: status}, plan: [pass, {fault: {latency: 600ms}}, {fault: {status: 503}}, pass]}
        """
    )

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"))
    func `the journal is the same, and no wait is shorter`() throws {
        let command = ["python3", Run.client("python-urllib.py")]
        let real = try Run(command, scenario: Self.scenario.real, pause: 1.5, isVirtual: false)
        let virtual = try Run(command, scenario: Self.scenario.virtual, pause: 30)
        #expect(real.outcome.status == 0 && virtual.outcome.status == 0, "\(real.outcome.errors)")
        #expect(virtual.exchanges.map(\.operation) == real.exchanges.map(\.operation))
        #expect(virtual.exchanges.map(\.status) == real.exchanges.map(\.status))
        #expect(virtual.exchanges.map(\.status) == [200, 300, 300, 503, 200])
        for (virtual, real) in zip(virtual.waits, real.waits) {
            // A machine that is busy makes a real wait longer, by twenty times as much here, and never shorter.
            #expect(virtual <= min(33, real * 20 * 1.1), "\(virtual) s for \(real) s")
        }
        // The second answer is held for 12 s.
        #expect(zip(virtual.gaps, [30, 42, 30]).allSatisfy { $0 >= $1 } && virtual.gaps.count == 3, "\(virtual.gaps)")
        // The answer that was held for 12 s.
        let held = virtual.exchanges[2]
        #expect((12...13).contains(held.ended - held.began))
    }
}
