import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What is modelled of libraries, against the libraries that are installed.
@Suite(.ownThreads) struct ModelTests {
    @Test(.enabled(if: Program.python.works("-c", "import botocore"), "botocore is not installed"))
    func `what is recorded of botocore's adaptive mode is what botocore does`() throws {
        let outcome = try Program.python.run([Repository.path("fixtures/libraries/aws-adaptive.py")])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try outcome.output == Repository.text("fixtures/libraries/aws-adaptive.tsv"))
    }

    private static let down = """
        schema: cliprise-mock/v1
        name: down
        tasks: [{life: {after: 1s}}]
        rules: [{when: {operation: status}, fault: {status: 503}}]

        """

    private static func modelled(_ policy: String, _ folder: String) throws -> [Double] {
        try down.write(toFile: "\(folder)/down.yaml", atomically: true, encoding: .utf8)
        let outcome = try Program.mock.run(
            [
                "simulate", "\(folder)/down.yaml", "--clients", "1", "--policy", policy, "--record",
                "\(folder)/run.jsonl",
            ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return pauses(try String(contentsOfFile: "\(folder)/run.jsonl", encoding: .utf8), at: "at") {
            ($0["target"] as? String)?.contains("/status") ?? false
        }
    }

    /// One and two seconds, and up to a tenth more by chance.
    @Test func `got waits as its model does`() throws {
        try withFolder { folder in
            let modelled = try Self.modelled("got", folder)
            #expect(modelled.count == 2)
            let modules = ["NODE_PATH": "/usr/share/nodejs"]
            guard try Program.node.run(["-e", "require('got')"], environment: modules).status == 0 else { return }
            let client = Repository.path("Tests/Clients/programs/client.cjs")
            let real = try Program.mock.run(
                [
                    "exec", "--virtual-time", "--command-code", "--scenario", "\(folder)/down.yaml", "--report",
                    "journal=\(folder)/journal.jsonl", "--", "node", client, "got",
                ],
                environment: ["CLIENT_KEYS": "test-key", "CLIENT_JOBS": "1", "PAUSE": "5"].merging(modules) { $1 })
            let waited = pauses(
                try String(contentsOfFile: "\(folder)/journal.jsonl", encoding: .utf8), at: "atNanoseconds"
            ) { $0["operation"] as? String == "status" }
            try #require(waited.count == modelled.count, "\(waited) \(real.errors)")
            for (one, other) in zip(waited, modelled) { #expect(abs(one - other) < 0.25, "\(waited)") }
        }
    }

    /// A Go program waits in real time, so the library is asked for its waits instead.
    @Test func `go-retryablehttp waits as its model does`() throws {
        try withFolder { folder in
            let modelled = try Self.modelled("go-retryablehttp", folder)
            #expect(modelled == [1, 2, 4, 8])
            let source = """
                package main

                import (
                	"fmt"
                	"github.com/hashicorp/go-retryablehttp"
                )

                func main() {
                	client := retryablehttp.NewClient()
                	for attempt := 0; attempt < client.RetryMax; attempt++ {
                		fmt.Println(client.Backoff(client.RetryWaitMin, client.RetryWaitMax, attempt, nil).Seconds())
                	}
                }
                """
            try source.write(toFile: "\(folder)/waits.go", atomically: true, encoding: .utf8)
            guard FileManager.default.fileExists(atPath: "/usr/share/gocode/src/github.com/hashicorp/go-retryablehttp")
            else { return }
            let go = Program(path: "go")
            guard go.works("version") else { return }
            let outcome = try go.run(
                ["run", "\(folder)/waits.go"],
                environment: ["GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""], limit: 240)
            #expect(outcome.output.split(separator: "\n").compactMap { Double($0) } == modelled, "\(outcome.errors)")
        }
    }
}
