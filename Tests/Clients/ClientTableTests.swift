import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Other people's libraries under faults: what they cost follows from what each of them sends again, and from nothing else.
@Suite(.ownThreads, .enabled(if: Program.python.works("--version"), "python3 is not installed"))
struct ClientTableTests {
    /// Credits lost in 1,000 jobs, and those of them that ended without a file.
    ///
    /// A job costs 12 credits, one in ten meets the
    /// fault: 1,200 is one more task, or one that was left, for each of them.
    struct Expected: Sendable, CustomTestStringConvertible {
        let client: String
        let fault: String
        let lost: Int
        let without: Int

        var testDescription: String { "\(client), \(fault)" }
    }

    static let expected = [
        // Sends no generate again, and polls on.
        Expected(client: "cliprise", fault: "answer-lost", lost: 0, without: 100),
        Expected(client: "cliprise", fault: "gateway-504", lost: 0, without: 100),
        Expected(client: "cliprise", fault: "poll-outage", lost: 0, without: 0),
        Expected(client: "cliprise", fault: "file-cut", lost: 0, without: 0),
        // Tries nothing again: what was paid is left at the first trouble.
        Expected(client: "requests", fault: "answer-lost", lost: 0, without: 100),
        Expected(client: "requests", fault: "poll-503", lost: 1_200, without: 100),
        // Six tries of a GET, none of a POST; six polls fail in the outage.
        Expected(client: "requests-retry", fault: "gateway-504", lost: 0, without: 100),
        Expected(client: "requests-retry", fault: "poll-503", lost: 0, without: 0),
        Expected(client: "requests-retry", fault: "poll-outage", lost: 1_200, without: 100),
        // A POST too: three were taken whose answers a gateway kept, the fourth brought the file.
        Expected(client: "requests-retry-post", fault: "answer-lost", lost: 1_200, without: 0),
        Expected(client: "requests-retry-post", fault: "gateway-504", lost: 3_600, without: 0),
        Expected(client: "requests-retry-post", fault: "refused-503", lost: 0, without: 0),
        // Three times the whole job, each paid, each left at its second poll.
        Expected(client: "tenacity-job", fault: "poll-503", lost: 3_600, without: 100),
        // --retry takes 504 for transient, a connection that closes without an answer not.
        Expected(client: "curl-retry", fault: "answer-lost", lost: 0, without: 100),
        Expected(client: "curl-retry", fault: "gateway-504", lost: 3_600, without: 0),
        Expected(client: "curl-retry-all", fault: "answer-lost", lost: 1_200, without: 0),
        // The JDK sends a POST once more when a connection that it kept closes without an answer.
        Expected(client: "url-connection", fault: "answer-lost", lost: 1_200, without: 0),
        Expected(client: "url-connection", fault: "gateway-504", lost: 0, without: 100),
        // Net::HTTP sends a GET once more, and no POST.
        Expected(client: "net-http", fault: "answer-lost", lost: 0, without: 100),
        Expected(client: "net-http", fault: "poll-closed", lost: 0, without: 0),
    ]

    static let clients = Set(expected.map(\.client)).sorted()

    /// Lines of client, fault, lost, without; and what was said beside.
    static func table(_ client: String) throws -> Outcome {
        var arguments = [Repository.path("Tests/Clients/table"), Program.mock.path, "--tsv", "--jobs", "10"]
        arguments += ["--only", client]
        for row in expected where row.client == client { arguments += ["--fault", row.fault] }
        return try Program.python.run(arguments, limit: 240)
    }

    @Test(arguments: clients)
    func `a library costs what follows from what it sends again`(client: String) throws {
        let outcome = try Self.table(client)
        // What is not installed is left out.
        guard !outcome.errors.contains("not installed") else { return }
        #expect(outcome.status == 0, "\(outcome.errors)")
        for row in Self.expected where row.client == client {
            #expect(outcome.output.contains("\(client)\t\(row.fault)\t\(row.lost)\t\(row.without)\n"), "\(row.fault)")
        }
    }

    @Test func `the same command prints the same table`() throws {
        let (first, second) = (try Self.table("requests-retry-post"), try Self.table("requests-retry-post"))
        #expect(first.output == second.output)
    }

    @Test func `at least twelve libraries are in the table, and the article has a row for each`() throws {
        let rows = try Repository.text("Tests/Clients/rows.tsv").split(separator: "\n").filter { !$0.hasPrefix("#") }
            .map { $0.split(separator: "\t").map(String.init) }
        #expect(Set(rows.map { $0[0] }).count >= 12)
        let article = try Repository.text("Sources/cliprise-mock/cliprise-mock.docc/ClientTable.md")
        for row in rows {
            let head = "| \(row[0]) | \(row[1]) |"
            #expect(article.components(separatedBy: head).count == 2, "\(head) stands once in the table")
        }
    }
}
