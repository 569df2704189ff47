import ClipriseClient
import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseSimulator

@Suite struct BundleTests {
    static let yaml = """
        schema: cliprise-mock/v1
        name: sample
        tasks: [{life: {after: 5s}}]
        rules:
          - {name: shy, when: {operation: status}, chance: {p: 0.3, fault: {status: 503}}}
          - {name: lost, when: {operation: generate, attempt: 1}, fault: {fault: close, phase: after}}
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
        #expect(outcome.isSame)
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

    @Test func `a replay ends where an account was changed by hand`() throws {
        var writer = BundleWriter(try Bundle(Self.recorded(), file: "x").header)
        var bundle = try Bundle(Self.recorded(), file: "x")
        for exchange in bundle.exchanges.prefix(3) {
            writer.note(
                key: exchange.key, request: exchange.request, at: exchange.at,
                answerBytes: exchange.answer.bytes ?? [])
        }
        writer.noteChangeByHand(key: Array("client-1".utf8), at: .seconds(1))
        let last = bundle.exchanges[3]
        writer.note(key: last.key, request: last.request, at: last.at, answerBytes: [])
        bundle = try Bundle(writer.take(), file: "x")
        let outcome = try Replay.run(bundle, catalog: Samples.catalog.get(), version: "1.0")
        #expect(outcome.isSame)
        #expect(outcome.reproduced == 3)
        #expect(outcome.stoppedByHand == 5)
    }

    static let broken: [(String, BundleError)] = [
        ("", .empty(file: "x")),
        ("{}", .otherFormat(file: "x", found: "")),
        ("{\"bundle\":\"cliprise-mock/bundle/v9\"}", .otherFormat(file: "x", found: "cliprise-mock/bundle/v9")),
        ("not json", .notJSON(file: "x", line: 1, reason: "the text is not JSON")),
        (
            "{\"bundle\":\"cliprise-mock/bundle/v1\",\"catalogue\":\"0\",\"seed\":7}",
            .badValue(file: "x", line: 1, key: "seed", expected: "a text")
        ),
    ]

    @Test(arguments: broken)
    func `what is no bundle is refused with its line`(text: String, error: BundleError) {
        #expect(throws: error) { try Bundle(Array(text.utf8), file: "x") }
    }

    @Test func `bytes that are no text survive`() throws {
        for bytes in [[0xFF, 0x00, 0x41], [0x0A], Array("päivää\"\\".utf8), [], [0x7F], [0xE2, 0x82]] as [[UInt8]] {
            var writer = BundleWriter(try Bundle(Self.recorded(), file: "x").header)
            let request = Request(method: .post, target: Array("/".utf8), body: bytes)
            writer.note(key: bytes, request: request, at: .start, answerBytes: bytes)
            let read = try Bundle(writer.take(), file: "x")
            #expect(read.exchanges[0].key == bytes)
            #expect(read.exchanges[0].body == bytes)
            #expect(read.exchanges[0].answer == Bundle.Expected(bytes))
        }
    }

    @Test func `a failing run is cut to one fault and the requests that show it`() throws {
        let bundle = try Bundle(Self.recorded(clients: 20), file: "x")
        let outcome = try Shrink(bundle, catalog: Samples.catalog.get()).run()
        #expect(outcome.scenario.rules.map(\.name) == ["lost"])
        #expect(outcome.scenario.tasks.isEmpty)
        #expect(outcome.exchanges.map(\.method) == ["POST", "POST"])
        #expect(outcome.scenario.accounts.count == 1)
        #expect(outcome.failing == ["no_double_charge"])
        // The scenario that is printed can be used.
        let again = try Scenario(yaml: outcome.scenario.text, source: "smaller.yaml")
        #expect(try !Shrink(bundle, catalog: Samples.catalog.get()).failing(again, outcome.exchanges).isEmpty)
    }

    @Test func `a run in which nothing fails cannot be cut`() throws {
        var bundle = try Bundle(Self.recorded(), file: "x")
        bundle.exchanges = Array(bundle.exchanges.prefix(1))
        let shrink = try Shrink(bundle, catalog: Samples.catalog.get())
        #expect(throws: ShrinkError.nothingFails) { try shrink.run() }
    }
}
