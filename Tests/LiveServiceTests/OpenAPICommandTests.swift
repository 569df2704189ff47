import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct OpenAPICommandTests {
    static let editions = ["documented", "snapshot-2026-04-04", "later"]

    @Test(arguments: editions)
    func `each edition is printed as a JSON document`(profile: String) throws {
        let outcome = try Program.mock.run(["openapi", "--profile", profile])
        #expect(outcome.status == 0 && outcome.errors == "")
        let document = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
        #expect(document?["openapi"] as? String == "3.1.0")
        #expect((document?["paths"] as? [String: Any])?.count == 2)
    }

    @Test func `the other formats are printed`() throws {
        let collection = try Program.mock.run(["openapi", "--format", "postman"])
        #expect(
            (try JSONSerialization.jsonObject(with: Data(collection.output.utf8)) as? [String: Any])?["item"] != nil)
        let http = try Program.mock.run(["openapi", "--format", "http"])
        #expect(http.output.contains("\nPOST {{baseUrl}}/app/cliprise/generate HTTP/1.1\n"))
        #expect(try Program.mock.run(["openapi", "--format", "raml"]).status == 2)
    }

    @Test func `every body of the request file starts a job`() throws {
        // A key that takes what all of them cost together.
        let server = try MockServer(["--account", "test-key=10000000"])
        let text = try Program.mock.run(["openapi", "--format", "http"]).output
        var (models, documented): (Set<Substring>, Int) = ([], 0)
        for block in text.components(separatedBy: "\n### ").dropFirst() where block.contains("\nPOST ") {
            let body = block.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
            let reply = try server.generate(body.trimmingCharacters(in: .whitespacesAndNewlines))
            #expect(reply.taskID.count == 32, "\(block.prefix(60)): \(reply.text)")
            models.insert(block.prefix { $0 != ":" })
            if block.prefix(200).contains("[documented]") { documented += 1 }
        }
        #expect(models.map(String.init).sorted() == Repository.models)
        #expect(documented == Repository.publishedPrices && documented > 0)
    }

    @Test func `the collection has a folder for each model, and a body for each price`() throws {
        let text = try Program.mock.run(["openapi", "--format", "postman"]).output
        let collection = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
        let folders = (collection["item"] as? [[String: Any]] ?? []).compactMap { $0["item"] as? [[String: Any]] }
        #expect(folders.count == Repository.models.count)
        let requests = folders.joined().compactMap { $0["request"] as? [String: Any] }
        #expect(
            requests.count { ($0["description"] as? String)?.hasSuffix("(documented)") == true }
                == Repository.publishedPrices)
        let names = folders.joined().compactMap { $0["name"] as? String }
        #expect(Set(names).count == names.count)
    }
}

@Suite(.ownThreadsFirst) struct OpenAPIDocumentTests {
    /// The validator and the generator of requests, each edition against a server of it.
    @Test(
        .enabled("openapi-spec-validator and schemathesis are not installed: .ci/setup --clients") {
            Program.python.works("-c", "import openapi_spec_validator, schemathesis")
        }, arguments: OpenAPICommandTests.editions)
    func `the document is valid, and generated requests find nothing that is not listed`(edition: String) throws {
        let script = Repository.path("Tests/LiveServiceTests/clients/schemathesis.sh")
        let outcome = try Program.bash.run([script, Program.mock.path, edition], limit: 600)
        #expect(outcome.status == 0, "\(outcome.output.suffix(4_000))\(outcome.errors.suffix(1_000))")
    }
}
