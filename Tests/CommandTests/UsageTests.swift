import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Every mistake on the command line: nothing on standard output, the exit code, and words that say what to do.
@Suite(.ownThreads) struct UsageTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        var arguments: String
        var mentions: [String]
        var code: Int32 = 2
        var environment: [String: String] = [:]
        var testDescription: String { "\(environment.map { "\($0.key)=\($0.value) " }.joined())\(arguments)" }
    }

    static let mistakes = [
        Mistake(arguments: "--bogus", mentions: ["--bogus"]),
        Mistake(arguments: "serve --bogus", mentions: ["--bogus", "serve --help"]),
        Mistake(arguments: "models list --bogus", mentions: ["--bogus", "models list --help"]),
        Mistake(arguments: "models show sora-2 --bogus", mentions: ["--bogus"]),
        Mistake(arguments: "quote - --bogus", mentions: ["--bogus"]),
        Mistake(arguments: "frobnicate", mentions: ["\"frobnicate\" is not a command", "models, quote"]),
        Mistake(arguments: "model", mentions: ["did you mean \"models\"?"]),
        Mistake(arguments: "models shwo sora-2", mentions: ["is not a command of models; did you mean \"show\"?"]),
        Mistake(arguments: "scenario lst", mentions: ["\"lst\"", "did you mean \"list\"?", "scenario --help"]),
        Mistake(arguments: "state chek x", mentions: ["did you mean \"check\"?", "check, export, import"]),
        Mistake(
            arguments: "simulate quiet-day --fleet clients=2,policy=naive --clients 3", mentions: ["no --clients"]),
        Mistake(
            arguments: "simulate quiet-day --fleet clients=2,policy=naive --fleet clients=3,policy=naive",
            mentions: ["--fleet clients=3,policy=naive", "\"naive\" is a fleet already; give this one name=…"]),
        Mistake(arguments: "help shwo", mentions: ["\"shwo\" is not a command"]),
        Mistake(arguments: "help models shwo", mentions: ["did you mean \"show\"?"]),
        Mistake(arguments: "serve extra", mentions: ["extra"]),
        Mistake(arguments: "serve --port 65536", mentions: ["65536", "--port", "65535"]),
        Mistake(arguments: "serve --port x", mentions: ["'x'", "--port"]),
        Mistake(arguments: "serve --port", mentions: ["--port"]),
        Mistake(arguments: "serve --account test", mentions: ["--account test", "KEY=CREDITS"]),
        Mistake(arguments: "serve --account =5", mentions: ["KEY=CREDITS"]),
        Mistake(arguments: "serve --account a=", mentions: ["KEY=CREDITS"]),
        Mistake(arguments: "serve --account a=-1", mentions: ["KEY=CREDITS"]),
        Mistake(arguments: "serve --account a=1.5", mentions: ["KEY=CREDITS"]),
        Mistake(arguments: "serve --account a=99999999999999999999", mentions: ["KEY=CREDITS"]),
        Mistake(arguments: "serve --account é=5", mentions: ["ASCII"]),
        Mistake(arguments: "serve --account a=1 --account a=2", mentions: ["--account a=2", "twice"]),
        Mistake(arguments: "serve --realistic --time-scale 1", mentions: ["--realistic", "--time-scale", "one"]),
        Mistake(arguments: "serve --time-scale=-1", mentions: ["'-1'", "--time-scale"]),
        Mistake(arguments: "serve --time-scale 1001", mentions: ["--time-scale", "0 to 1000"]),
        Mistake(arguments: "serve --time-scale nan", mentions: ["--time-scale"]),
        Mistake(arguments: "serve --workers 0", mentions: ["--workers", "1 to 64"]),
        Mistake(arguments: "serve --body-limit 0", mentions: ["--body-limit"]),
        Mistake(arguments: "serve --connection-limit 0", mentions: ["--connection-limit"]),
        Mistake(arguments: "serve --idle-timeout 0", mentions: ["--idle-timeout"]),
        Mistake(arguments: "serve --seed x", mentions: ["'x'", "--seed"]),
        Mistake(arguments: "serve --seed=", mentions: ["--seed"]),
        Mistake(arguments: "--seed 18446744073709551616", mentions: ["'18446744073709551616'", "--seed"]),
        Mistake(arguments: "--time-scale 1e", mentions: ["'1e'", "--time-scale"]),
        Mistake(arguments: "--open=yes", mentions: ["--open"]),
        Mistake(arguments: "--journal-limit 5 extra", mentions: ["extra"]),
        Mistake(arguments: "--port 0 --journal-limit 1x", mentions: ["'1x'", "--journal-limit"]),
        Mistake(arguments: "--port -- 0", mentions: ["--port"]),
        Mistake(arguments: "--scenario --open", mentions: ["--scenario"]),
        Mistake(arguments: "serve --host-gate open", mentions: ["'documented', 'exact' or 'loopback'"]),
        Mistake(arguments: "serve --profile new", mentions: ["snapshot-2026-04-04", "later"]),
        Mistake(arguments: "serve --log xml", mentions: ["'text' and 'json'"]),
        Mistake(arguments: "serve --log-level loud", mentions: ["warning", "debug"]),
        Mistake(arguments: "serve --bodies jsn", mentions: ["none", "json", "all"]),
        Mistake(arguments: "exec --bodies jsn -- true", mentions: ["none", "json", "all"]),
        Mistake(arguments: "serve --accept-host http://mock.test", mentions: ["the name alone", "mock.test"]),
        Mistake(arguments: "serve --accept-host mock.test:80", mentions: ["the name alone"]),
        Mistake(arguments: "serve --admin-token=", mentions: ["--admin-token"]),
        Mistake(arguments: "serve --catalog /nonexistent", mentions: ["/nonexistent"]),
        Mistake(arguments: "serve --host no.such.name", mentions: ["no.such.name"], code: 3),
        Mistake(
            arguments: "serve --port 0 --host 203.0.113.1", mentions: ["203.0.113.1 is not an address of this machine"],
            code: 3),
        Mistake(arguments: "exec --senario storm -- true", mentions: ["'--senario'", "did you mean '--scenario'?"]),
        Mistake(arguments: "models list --kind film", mentions: ["'image', 'video' or 'audio'"]),
        Mistake(arguments: "models show", mentions: ["<model>"]),
        Mistake(arguments: "models show qwen-imag", mentions: ["did you mean \"qwen-image\" or \"qwen-image-2\"?"]),
        Mistake(arguments: "models show veo-3", mentions: ["\"veo-3-fast\" or \"veo-3-quality\"", "models list"]),
        Mistake(
            arguments: "models show zzzzzzzzzz", mentions: ["\"zzzzzzzzzz\" is not in the catalogue", "models list"]),
        Mistake(arguments: "quote", mentions: ["<file>"]),
        Mistake(arguments: "quote /nonexistent.json", mentions: ["/nonexistent.json: no such file"]),
        Mistake(arguments: "quote /", mentions: ["/: is a folder"]),
        Mistake(
            arguments: "serve", mentions: ["'x'", "From the environment: CLIPRISE_MOCK_PORT"],
            environment: ["CLIPRISE_MOCK_PORT": "x"]),
    ]

    @Test(arguments: mistakes)
    func `a mistake ends with its exit code and says what to do`(mistake: Mistake) throws {
        let outcome = try Program.mock.run(
            mistake.arguments.split(separator: " ").map(String.init), environment: mistake.environment)
        #expect(outcome.status == mistake.code)
        #expect(outcome.output == "")
        for word in mistake.mentions { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
    }

    @Test func `a port in use is one clear line and exit 3`() throws {
        let first = try MockServer()
        let outcome = try Program.mock.run(["serve", "--port", "\(first.port)"])
        #expect(outcome.status == 3)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("cliprise-mock: port \(first.port) is in use; choose another with --port"))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(try first.stop() == 0)
    }
}
