import ClipriseCatalog
import ClipriseConformance
import ClipriseEngine
import ClipriseWire
import Testing

/// Differences that are planted into a server that is otherwise the contract's: each is found, at its clause alone.
struct PlantedTests {
    enum Plant: String, CaseIterable, Sendable {
        case status, contentType, shape, message, noBody

        /// Nil where the answer has nothing to change.
        func changed(_ answer: Observation) -> Observation? {
            var changed = answer
            switch self {
            case .status: changed.status = answer.status == 422 ? 423 : 422
            case .contentType: changed.contentType = answer.contentType == nil ? "text/plain" : nil
            case .shape: changed.body = Array(#"{"error":{"id":1}}"#.utf8)
            case .message:
                // The first letter of the last value that is a text.
                let text = String(decoding: answer.body, as: UTF8.self)
                guard let mark = text.ranges(of: #"":""#).last else { return nil }
                changed.body[text.utf8.distance(from: text.startIndex, to: mark.upperBound)] ^= 0x20
            case .noBody:
                guard !answer.body.isEmpty else { return nil }
                changed.body = []
            }
            return changed
        }

        var aspect: Finding.Aspect {
            switch self {
            case .status: .status
            case .contentType: .contentType
            case .shape, .noBody: .shape
            case .message: .message
            }
        }
    }

    private func run(_ sender: MockSender, cap: Int64 = 0) throws -> ConformanceReport {
        var settings = Conformance.Settings(
            engine: EngineSettings(), key: MockSender.key, host: "\(Contract.host)", spendCap: cap)
        settings.unpriced = 1
        return Conformance.run(settings, try Catalog.builtIn(), sender)
    }

    /// The clauses of what costs nothing.
    static let free: [Clause] = [
        .host1, .host2, .host3, .http1, .http4, .http5, .gen1, .gen2, .gen3, .gen5, .gen6, .gen7, .sta1, .sta2,
    ]

    @Test(arguments: free, Plant.allCases)
    func `a planted difference is found, and nothing else`(clause: Clause, plant: Plant) throws {
        let sender = try MockSender { probe, answer in
            probe.clause == clause ? plant.changed(answer) ?? answer : answer
        }
        let report = try run(sender)
        let differing = report.findings.filter { $0.verdict == .differs }
        // An empty body has neither texts nor anything to be taken away.
        let hasNone = clause == .host1 && (plant == .message || plant == .noBody)
        #expect(differing.isEmpty == hasNone, "\(report.text)")
        #expect(
            differing.allSatisfy { $0.clause == clause && $0.aspects == [plant.aspect] }, "\(report.text)")
        #expect(report.isConforming == hasNone)
        #expect(sender.ledger.available == 10_000)
    }

    /// The steps of a job, and what each plant does to them: where the id or the URL goes, the steps behind it cannot be
    /// told.
    @Test(arguments: [Clause.gen8, .gen9, .sta3, .sta4], Plant.allCases)
    func `a planted difference in what a cap pays for is found`(clause: Clause, plant: Plant) throws {
        let sender = try MockSender { probe, answer in
            let step: Clause? =
                probe.clause == .sta3 ? (answer.status == 300 ? .sta3 : .sta4) : probe.clause
            return step == clause ? plant.changed(answer) ?? answer : answer
        }
        let report = try run(sender, cap: 100_000)
        let found = report.findings.filter { $0.clause == clause && $0.verdict == .differs }
        // Without its URL a finished job is one that is not finished yet, and answers so otherwise.
        let hidesEnd = clause == .sta4 && (plant == .shape || plant == .noBody)
        let place = hidesEnd ? report.findings.filter { $0.verdict == .unknown && $0.clause == .sta4 } : found
        // The last text of a success is its URL, which differs each time.
        guard !(clause == .sta4 && plant == .message) else { return }
        #expect(!place.isEmpty, "\(report.text)")
        if !hidesEnd { #expect(found.allSatisfy { $0.aspects == [plant.aspect] }, "\(report.text)") }
    }

    @Test func `a 300 that leads elsewhere is found`() throws {
        let sender = try MockSender { probe, answer in
            var answer = answer
            if answer.status == 300 { answer.location = "https://elsewhere.example/" }
            return answer
        }
        let report = try run(sender, cap: 100_000)
        #expect(report.findings.filter { $0.verdict == .differs }.map(\.clause) == [.http3], "\(report.text)")
        #expect(report.text.contains("300 has no Location: Location: https://elsewhere.example/"))
    }

    @Test(arguments: [
        (#"{"status":"success"}"#, "application/json", 200, [Finding.Aspect.contentType, .shape]),
        ("<html></html>", "text/html; charset=utf-8", 502, [.status, .contentType, .shape]),
        ("", "image/png", 200, [.shape]), ("\u{89}PNG", "", 200, [.contentType]),
    ])
    func `what comes in the place of a file is no file`(
        body: String, type: String, status: Int, aspects: [Finding.Aspect]
    ) throws {
        let sender = try MockSender { probe, answer in
            guard probe.clause == .sta5 else { return answer }
            return Observation(status: status, contentType: type.isEmpty ? nil : type, body: Array(body.utf8))
        }
        let report = try run(sender, cap: 100_000)
        let found = report.findings.filter { $0.verdict == .differs }
        #expect(found.map(\.clause) == [.sta5] && found.map(\.aspects) == [aspects], "\(report.text)")
    }

    @Test func `a server that answers to any host is found, and what it says there is in no other clause`() throws {
        // As a service without the gate: the key is looked at next.
        let sender = try MockSender { probe, answer in
            switch probe.clause {
            case .host1:
                Observation(
                    status: 400, contentType: "application/json", body: Array(#"{"msg":"invalid_api_key"}"#.utf8))
            case .host3: Observation(status: 400, contentType: nil, body: [])
            default: answer
            }
        }
        let report = try run(sender)
        #expect(Set(report.findings.filter { $0.verdict == .differs }.map(\.clause)) == [.host1, .host3])
        #expect(ProfileFile(report, keeping: nil).edition.answers.keys.sorted() == ["HOST-1"])
    }

    @Test func `the first answer of a slot stands for it in the profile`() throws {
        let sender = try MockSender { probe, answer in
            var answer = answer
            if probe.title == "generate with a key in another scheme" { answer.status = 401 }
            return answer
        }
        let report = try run(sender)
        #expect(report.count(.differs) == 1)
        #expect(ProfileFile(report, keeping: nil).edition.answers.isEmpty)
    }
}
