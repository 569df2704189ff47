import ClipriseCatalog
import ClipriseConformance
import ClipriseEngine
import ClipriseLocks
import ClipriseWire
import Testing

struct ConformanceTests {
    private func run(
        _ sender: MockSender, _ engine: EngineSettings = EngineSettings(), cap: Int64 = 0, unpriced: Int64? = 1,
        key: String? = MockSender.key
    ) throws -> ConformanceReport {
        var settings = Conformance.Settings(engine: engine, key: key, host: "\(Contract.host)", spendCap: cap)
        settings.unpriced = unpriced
        return Conformance.run(settings, try Catalog.builtIn(), sender)
    }

    @Test(arguments: ContractProfile.allCases)
    func `a mock of an edition is the same as that edition, and no credit moves`(profile: ContractProfile) throws {
        let engine = EngineSettings(profile: profile)
        let sender = try MockSender(engine, credits: 7)
        let report = try run(sender, engine)
        #expect(report.findings.filter { $0.verdict == .differs }.map(\.title) == [])
        #expect(report.count(.same) == 27)
        #expect(report.isConforming)
        #expect(sender.ledger.entries.count == 1 && sender.ledger.available == 7)
    }

    @Test(arguments: ContractProfile.allCases, [false, true])
    func `nothing that costs is sent without a cap, whatever the edition of the server`(
        profile: ContractProfile, takesAnyModel: Bool
    ) throws {
        for expected in ContractProfile.allCases {
            let sender = try MockSender(EngineSettings(profile: profile), takesAnyModel: takesAnyModel)
            _ = try run(sender, EngineSettings(profile: expected))
            #expect(sender.ledger.entries.count == 1 && sender.ledger.available == 10_000, "\(expected)")
            #expect(sender.sent.count == 27)
        }
    }

    /// Answers so many requests, and lets all that follow wait.
    private final class FailingSender: Sender {
        private let mock: MockSender
        private let answered: Int
        private let isTimeout: Bool
        private let sent = Locked(0)

        var count: Int { sent.withLock { $0 } }

        init(after answered: Int, isTimeout: Bool) throws {
            mock = try MockSender()
            (self.answered, self.isTimeout) = (answered, isTimeout)
        }

        func send(_ probe: Probe) throws(SendFailure) -> Observation {
            let count = sent.withLock { sent in
                sent += 1
                return sent
            }
            guard count <= answered else { throw SendFailure("no answer", isTimeout: isTimeout) }
            return mock.send(probe)
        }
    }

    @Test(arguments: [(0, true, 3), (5, true, 8), (0, false, 37)])
    func `a server that lets three requests in a row wait is asked nothing more, and gets no job`(
        answered: Int, isTimeout: Bool, sent: Int
    ) throws {
        let sender = try FailingSender(after: answered, isTimeout: isTimeout)
        var settings = Conformance.Settings(
            engine: EngineSettings(), key: MockSender.key, host: "\(Contract.host)", spendCap: 100_000)
        settings.unpriced = 1
        let report = Conformance.run(settings, try Catalog.builtIn(), sender)
        #expect(sender.count == sent)
        #expect(report.count(.same) == answered)
        #expect(isTimeout == report.findings.contains { $0.reason?.hasPrefix("not sent: 3 requests") ?? false })
        #expect((report.staked == 0) == isTimeout)
    }

    @Test func `without a key only what needs none is sent, and the key of a run goes nowhere else`() throws {
        let sender = try MockSender()
        let report = try run(sender, key: nil)
        #expect(sender.sent.count == 12)
        #expect(report.count(.same) == 12)
        #expect(!report.text.contains(MockSender.key))
    }

    @Test func `a key that a server repeats stands in no output`() throws {
        let sender = try MockSender { probe, answer in
            var answer = answer
            if probe.usesKey { answer.body = Array(#"{"msg":"no: \#(MockSender.key), \#(MockSender.key)"}"#.utf8) }
            return answer
        }
        let report = try run(sender)
        #expect(report.text.contains("no: [key], [key]"))
        let texts = [report.text, report.json, report.junit, ProfileFile(report, keeping: nil).text]
        #expect(texts.allSatisfy { !$0.contains(MockSender.key) })
    }

    @Test func `what has an assumed price is sent only when it is said what it counts as`() throws {
        let careful = try MockSender()
        let report = try run(careful, cap: 100_000, unpriced: nil)
        // GEN-8 wants gpt-image-1, which has no published price.
        let held = report.findings.filter { $0.clause == .gen8 }
        #expect(held.count == 1 && held[0].verdict == .unknown && held[0].reason?.contains("--unpriced") == true)
        #expect(report.findings.contains { $0.clause == .gen11 && $0.verdict == .same })
        #expect(!careful.sent.contains { ["gpt-image-1", "veo-3-fast", "veo-3-quality"].contains($0.model) })
        let allowed = try MockSender()
        let other = try run(allowed, cap: 100_000, unpriced: 5_000)
        #expect(allowed.sent.contains { $0.model == "gpt-image-1" })
        #expect(other.staked - report.staked >= 3 * 5_000)
    }

    @Test func `a cap pays for jobs and is never passed`() throws {
        for (cap, jobs) in [(1, 0), (2, 1), (13, 2), (31, 3)] as [(Int64, Int)] {
            let sender = try MockSender()
            let report = try run(sender, cap: cap)
            #expect(report.staked <= cap)
            #expect(10_000 - sender.ledger.balance <= cap, "\(cap)")
            let generates = sender.sent.filter { $0.stake > 0 && $0.method == .post }
            #expect(generates.count >= min(jobs, 1), "\(cap)")
        }
    }

    @Test(arguments: ContractProfile.allCases)
    func `a whole job is the same from its start to its file`(profile: ContractProfile) throws {
        let engine = EngineSettings(profile: profile)
        // 29 are at stake before the job, in what a laxer server would take.
        let report = try run(try MockSender(engine), engine, cap: 100_000)
        for clause in [Clause.gen8, .gen9, .gen11, .http3, .sta3, .sta4, .sta5] {
            let findings = report.findings.filter { $0.clause == clause }
            #expect(!findings.isEmpty && findings.allSatisfy { $0.verdict == .same }, "\(clause): \(report.text)")
        }
    }

    @Test func `a server is followed by the profile that a run against it wrote`() throws {
        // One edition held against another: every difference must come over.
        var expected = EngineSettings(profile: .documented)
        let live = try MockSender(EngineSettings(profile: .later))
        var report = try run(live, expected, cap: 100_000)
        #expect(report.count(.differs) > 0)
        report.day = "2026-01-31"
        report.server = "https://business.api.cliprise.app"
        let written = ProfileFile(report, keeping: nil)
        let profile = try ProfileFile(Array(written.text.utf8), file: "live.json")
        #expect(profile.edition == written.edition && profile.base == .documented && profile.found.day == "2026-01-31")

        expected.answers = profile.edition
        let again = try run(try MockSender(EngineSettings(profile: .later)), expected, cap: 100_000)
        #expect(again.findings.filter { $0.verdict == .differs }.map(\.title) == [])
        // And a mock that serves the profile is that server.
        let served = try run(try MockSender(expected), EngineSettings(profile: .later), cap: 100_000)
        #expect(served.findings.filter { $0.verdict == .differs }.map(\.title) == [])
    }

    static let mistakes: [(text: String, says: String)] = [
        (#"{"base":"documented""#, "no JSON"), ("[]", "object"), (#"{"bse":"later"}"#, "did you mean \"base\""),
        (#"{"base":"latest"}"#, "one of documented"), (#"{"base":"later","answers":{"GEN-99":{}}}"#, "no such clause"),
        (#"{"base":"later","answers":{"GEN-1":{"status":99}}}"#, "200 to 599"),
        (#"{"base":"later","answers":{"GEN-1":{"status":400,"body":"","x":1}}}"#, "none of status"),
        ("{\"base\":\"later\",\"answers\":{\"GEN-1\":{\"status\":400,\"contentType\":\"a\\r\\nB: c\"}}}", "media type"),
    ]

    @Test(arguments: mistakes)
    func `a mistake in a profile file is named`(text: String, says: String) {
        do {
            _ = try ProfileFile(Array(text.utf8), file: "p.json")
            Issue.record("taken: \(text)")
        } catch {
            #expect("\(error)".contains(says) && "\(error)".hasPrefix("p.json"), "\(error)")
        }
    }
}
