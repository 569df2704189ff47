import ClipriseCatalog
import ClipriseClient
import ClipriseEngine
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseBundle
@testable import ClipriseSimulator

@Suite struct BundleTests {
    static let yaml = """
        schema: cliprise-mock/v1
        name: sample
        tasks: [{life: {after: 5s}}]
        rules:
          - {name: shy, when: {operation: status}, chance: {p: 0.3, fault: {status: 503}}}
          - {name: lost, when: {operation: generate, attempt: 1}, fault: close, phase: after}
          - {name: late, when: {operation: generate}, fault: {latency: 2s}}
        expect: [no_double_charge]
        """

    static func recorded(clients: Int = 5) throws -> [UInt8] {
        var settings = FleetSettings(
            catalog: try Samples.catalog.get(), scenario: try Scenario(yaml: yaml, source: "sample.yaml"))
        settings.clients = clients
        var bytes: [UInt8] = []
        _ = try FleetRun.record(
            settings, policy: RetryPolicy(named: "naive"), version: "1.0",
            scenario: .init(name: "sample.yaml", text: Array(yaml.utf8))
        ) { bytes += $0 }
        return bytes
    }

    @Test func `a recorded run comes out the same, byte for byte`() throws {
        let bundle = try Bundle(Self.recorded(), file: "run.jsonl")
        #expect(bundle.exchanges.count > 20)
        let outcome = try Replay.run(bundle, catalog: Samples.catalog.get(), version: "1.0")
        #expect(outcome.difference == nil)
        #expect(outcome.reproduced == bundle.exchanges.count)
        #expect(outcome.remarks == [])
    }

    @Test func `the first answer that differs is named with the place of its first byte`() throws {
        var bundle = try Bundle(Self.recorded(), file: "run.jsonl")
        let index = 12
        var answer = try #require(bundle.exchanges[index].answer.bytes)
        answer[9] ^= 1
        bundle.exchanges[index].answer = Bundle.Expected(answer)
        let outcome = try Replay.run(bundle, catalog: Samples.catalog.get(), version: "1.1")
        let difference = try #require(outcome.difference)
        #expect(difference.request == index + 1)
        // The header is the first line.
        #expect(difference.line == index + 2)
        #expect(difference.offset == 9)
        #expect(outcome.reproduced == index)
        #expect(outcome.remarks == ["recorded by version 1.0, played by 1.1"])
    }

    @Test(arguments: [#""typical_seconds""#, #""required_without""#, #""per""#, #""credits""#, #""routes""#])
    func `a catalogue that differs in any fact is not that of the recording`(fact: String) throws {
        let builtIn = try Samples.catalog.get()
        let bundle = try Bundle(Self.recorded(), file: "run.jsonl")
        let position = try #require(
            builtIn.sources.firstIndex { String(decoding: $0, as: UTF8.self).contains(fact) }, "no file has \(fact)")
        // A blank more where the fact stands is the least that a file can differ in.
        let text = String(decoding: builtIn.sources[position], as: UTF8.self).replacing(fact, with: " \(fact)")
        let other = try Catalog.builtIn(with: [(name: "own.json", text: Array(text.utf8))])
        let outcome = try Replay.run(bundle, catalog: other, version: "1.0")
        #expect(outcome.remarks == ["the catalogue is not the one of the recording"])
        #expect(outcome.difference == nil)
    }

    @Test func `a replay ends where an account was changed by hand`() throws {
        var writer = BundleWriter(try Bundle(Self.recorded(), file: "x").header)
        var bundle = try Bundle(Self.recorded(), file: "x")
        for exchange in bundle.exchanges.prefix(3) {
            writer.note(
                key: exchange.key, request: exchange.request, at: exchange.at,
                answerBytes: exchange.answer.bytes ?? [])
        }
        let before = writer.take() + BundleWriter.changeByHand(key: Array("client-1".utf8), at: .seconds(1))
        let last = bundle.exchanges[3]
        writer.note(key: last.key, request: last.request, at: last.at, answerBytes: [])
        writer.end()
        bundle = try Bundle(before + writer.take(), file: "x")
        let outcome = try Replay.run(bundle, catalog: Samples.catalog.get(), version: "1.0")
        #expect(outcome.difference == nil)
        #expect(outcome.reproduced == 3)
        #expect(outcome.stoppedByHand == 5)
    }

    static let broken: [(String, BundleError)] = [
        ("", .empty(file: "x")),
        ("{}", .notBundle(file: "x")),
        ("{\"bundle\":\"cliprise-mock/bundle/v9\"}", .otherFormat(file: "x", found: "cliprise-mock/bundle/v9")),
        ("not json", .notJSON(file: "x", line: 1, reason: "the text is not JSON")),
        (
            "{\"bundle\":\"cliprise-mock/bundle/v1\",\"version\":\"1\",\"seed\":7}",
            .badValue(file: "x", line: 1, key: "seed", expected: "a text")
        ),
    ]

    @Test(arguments: broken)
    func `what is no bundle is refused with its line`(text: String, error: BundleError) {
        #expect(throws: error) { try Bundle(Array(text.utf8), file: "x") }
    }

    @Test func `a bundle that is cut off is refused wherever it is cut`() throws {
        let lines = try Self.recorded().split(separator: 0x0A, omittingEmptySubsequences: true)
        let all = lines.count - 2
        for count in [1, 2, lines.count - 1] {
            let text = Array(lines[..<count].joined(separator: [0x0A]))
            #expect(throws: BundleError.incomplete(file: "x", found: count - 1, expected: nil)) {
                try Bundle(text, file: "x")
            }
        }
        let holed = Array((lines[..<5] + lines[6...]).joined(separator: [0x0A]))
        #expect(throws: BundleError.incomplete(file: "x", found: all - 1, expected: all)) {
            try Bundle(holed, file: "x")
        }
    }

    @Test func `requests that were rejected are played again as such`() throws {
        let yaml = """
            schema: cliprise-mock/v1
            name: small
            capacity: {concurrency: 1, service: 100ms, queue: 1}
            """
        var settings = FleetSettings(
            catalog: try Samples.catalog.get(), scenario: try Scenario(yaml: yaml, source: "small.yaml"))
        settings.clients = 10
        settings.engine.seed = 7
        settings.seedGoesFirst = true
        var bytes: [UInt8] = []
        let result = try FleetRun.record(
            settings, policy: RetryPolicy(named: "naive"), version: "1.0",
            scenario: .init(name: "small.yaml", text: Array(yaml.utf8))
        ) { bytes += $0 }
        let bundle = try Bundle(bytes, file: "x")
        #expect(bundle.exchanges.count == Int(result.requests))
        #expect(bundle.exchanges.count { $0.isRejected } == Int(result.refusedByCapacity))
        #expect(result.refusedByCapacity > 0)
        #expect(try Replay.run(bundle, catalog: Samples.catalog.get(), version: "1.0").difference == nil)
        var other = bundle
        for index in other.exchanges.indices { other.exchanges[index].isRejected = false }
        #expect(try Replay.run(other, catalog: Samples.catalog.get(), version: "1.0").difference != nil)
    }

    @Test func `a seed that was given goes before the scenario's own, also when the run is played again`() throws {
        let yaml = Self.yaml + "\nseed: 3"
        func record(_ seed: UInt64?) throws -> [UInt8] {
            var settings = FleetSettings(
                catalog: try Samples.catalog.get(), scenario: try Scenario(yaml: yaml, source: "sample.yaml"))
            settings.clients = 5
            settings.engine.seed = seed ?? 1
            settings.seedGoesFirst = seed != nil
            var bytes: [UInt8] = []
            _ = try FleetRun.record(
                settings, policy: RetryPolicy(named: "naive"), version: "1.0",
                scenario: .init(name: "sample.yaml", text: Array(yaml.utf8))
            ) { bytes += $0 }
            let outcome = try Replay.run(
                try Bundle(bytes, file: "x"), catalog: Samples.catalog.get(), version: "1.0")
            #expect(outcome.difference == nil)
            return bytes
        }
        let (own, given) = (try record(nil), try record(99))
        #expect(try Bundle(own, file: "x").exchanges != Bundle(given, file: "x").exchanges)
    }

    @Test func `bytes that are no text survive`() throws {
        for bytes in [[0xFF, 0x00, 0x41], [0x0A], Array("päivää\"\\".utf8), [], [0x7F], [0xE2, 0x82]] as [[UInt8]] {
            var writer = BundleWriter(try Bundle(Self.recorded(), file: "x").header)
            let request = Request(method: .post, target: Array("/".utf8), body: bytes)
            writer.note(key: bytes, request: request, at: .start, answerBytes: bytes)
            writer.end()
            let read = try Bundle(writer.take(), file: "x")
            #expect(read.exchanges[0].key == bytes)
            #expect(read.exchanges[0].body == bytes)
            #expect(read.exchanges[0].answer == Bundle.Expected(bytes))
        }
    }

    @Test func `a failing run is cut to one fault and the requests that show it`() throws {
        var bundle = try Bundle(Self.recorded(clients: 20), file: "x")
        var progress = 0
        let outcome = try Shrink(bundle, catalog: Samples.catalog.get()).run { progress = $0 }
        #expect(outcome.runs == progress)
        #expect(outcome.scenario.rules.map(\.name) == ["lost"])
        #expect(outcome.scenario.tasks.isEmpty)
        #expect(outcome.exchanges.map(\.method) == ["POST", "POST"])
        #expect(outcome.scenario.accounts.count == 1)
        #expect(outcome.failing == ["no_double_charge"])
        #expect(outcome.letGo == [])
        // The scenario that is printed can be used.
        let again = try Scenario(yaml: outcome.scenario.text, source: "smaller.yaml")
        bundle.exchanges = outcome.exchanges
        #expect(try !PlayedBundle(bundle, again, catalog: Samples.catalog.get()).asked.isEmpty)
    }

    @Test func `of several failures the one that costs money is kept to, unless another is named`() throws {
        let yaml = Self.yaml.replacing(
            "expect: [no_double_charge]", with: "expect: [honours_retry_after, {polls: {at_most: 0}}, no_double_charge]"
        )
        var settings = FleetSettings(
            catalog: try Samples.catalog.get(), scenario: try Scenario(yaml: yaml, source: "sample.yaml"))
        settings.clients = 3
        var bytes: [UInt8] = []
        _ = try FleetRun.record(
            settings, policy: RetryPolicy(named: "naive"), version: "1.0",
            scenario: .init(name: "sample.yaml", text: Array(yaml.utf8))
        ) { bytes += $0 }
        let shrink = try Shrink(try Bundle(bytes, file: "x"), catalog: Samples.catalog.get())
        let usual = try shrink.run()
        #expect(usual.failing == ["no_double_charge"])
        #expect(usual.letGo == ["polls at most 0"])
        let other = try shrink.run(keeping: "polls")
        #expect(other.failing == ["polls at most 0"])
        #expect(other.scenario.rules.isEmpty)
        #expect(
            throws: ShrinkError.otherFails(
                "nothing", failing: ["polls at most 0", "no_double_charge", "no_blind_resend"])
        ) {
            try shrink.run(keeping: "nothing")
        }
    }

    @Test func `a run in which nothing fails cannot be cut`() throws {
        var bundle = try Bundle(Self.recorded(), file: "x")
        bundle.exchanges = Array(bundle.exchanges.prefix(1))
        let shrink = try Shrink(bundle, catalog: Samples.catalog.get())
        #expect(throws: ShrinkError.nothingFails) { try shrink.run() }
    }
}
