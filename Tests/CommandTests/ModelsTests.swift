import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ModelsTests {
    private static func json(_ arguments: String...) throws -> Any {
        let outcome = try Program.mock.run(arguments)
        #expect(outcome.status == 0)
        return try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    }

    static let ids: [String] = {
        let list = try? json("models", "list", "--json") as? [[String: Any]]
        return list?.compactMap { $0["model"] as? String } ?? []
    }()

    @Test func `the list has every model, as JSON and as a table`() throws {
        #expect(Self.ids.sorted() == Repository.models)
        let table = try Program.mock.run(["models", "list"])
        #expect(table.status == 0)
        let lines = table.output.split(separator: "\n")
        #expect(lines.first?.hasPrefix("MODEL") == true)
        for id in Self.ids { #expect(lines.contains { $0.hasPrefix("\(id) ") }) }
        #expect(lines.last?.hasPrefix("\(Repository.models.count) models") == true)
        #expect(try Program.mock.run(["models"]).output == table.output)
    }

    @Test func `the three kinds share out all models`() throws {
        var sum = 0
        for kind in ["image", "video", "audio"] {
            let list = try #require(try Self.json("models", "list", "--kind", kind, "--json") as? [[String: Any]])
            #expect(list.allSatisfy { $0["kind"] as? String == kind })
            sum += list.count
        }
        #expect(sum == Repository.models.count)
    }

    @Test(arguments: ids)
    func `a model is shown with its parameters and prices`(id: String) throws {
        let page = try Program.mock.run(["models", "show", id])
        #expect(page.status == 0)
        #expect(page.errors == "")
        #expect(page.output.hasPrefix("\(id): "))
        for heading in ["FACT ", "PARAMETER ", "CREDITS "] { #expect(page.output.contains(heading)) }
        let file = try #require(try Self.json("models", "show", id, "--json") as? [String: Any])
        #expect(file["model"] as? String == id)
    }

    @Test func `a routed id shows the model that it leads to`() throws {
        let page = try Program.mock.run(["models", "show", "flux-kontext-pro"])
        #expect(page.output.hasPrefix("flux-kontext: "))
    }

    // MARK: --catalog

    /// Runs `body` with a folder that holds z-image with another price, as a user makes it.
    private func withDearModel(_ body: (String) throws -> Void) throws {
        let file = try Program.mock.run(["models", "show", "z-image", "--json"]).output
        let dear = file.replacing(/"credits": *\d+/, with: "\"credits\": 4321")
        try #require(dear != file)
        try withFolder { folder in
            try Data(dear.utf8).write(to: URL(fileURLWithPath: "\(folder)/z-image.json"))
            try body(folder)
        }
    }

    private let body = """
        {"model":"z-image","callBackUrl":"https://your-service.example.com/hook",
        "input":{"prompt":"A hat","aspect_ratio":"1:1"}}
        """

    @Test func `a changed price of one's own catalogue is quoted and taken`() throws {
        try withDearModel { folder in
            let quote = try Program.mock.run(["quote", "-", "--catalog", folder], input: body)
            #expect(quote.output.hasPrefix("z-image: 4321 credits\n"), "\(quote.errors)")
            let table = try Program.mock.run(["models", "--catalog", folder]).output
            #expect(table.split(separator: "\n").contains { $0.hasPrefix("z-image ") && $0.contains(" 4321 ") })
            #expect(table.contains("\n\(Repository.models.count) models"))

            let server = try MockServer(["--catalog", folder, "--time-scale", "0"])
            #expect(try server.generate(body).status == 200)
            #expect(try server.account("test-key")["available"] as? Int == 10_000 - 4_321)
            #expect(try server.stop() == 0)
        }
    }

    static let faults: [(String, String, mentions: String)] = [
        ("a syntax error", "{\n \"model\": oops}", "mine.json:2:11"),
        ("an unknown key", #"{"model": "mine", "colour": 1}"#, "mine.json"),
        ("no model", #"{"documented": {}}"#, "mine.json"),
    ]

    @Test(arguments: faults.map(\.0))
    func `a broken file of a catalogue is named with its place`(name: String) throws {
        let fault = try #require(Self.faults.first { $0.0 == name })
        try withFolder { folder in
            try Data(fault.1.utf8).write(to: URL(fileURLWithPath: "\(folder)/mine.json"))
            for command in [["serve", "--port", "0"], ["models"], ["quote", "-"]] {
                let outcome = try Program.mock.run(command + ["--catalog", folder])
                #expect(outcome.status == 2)
                #expect(outcome.output == "")
                #expect(outcome.errors.contains("\(folder)/\(fault.mentions)"), "\(outcome.errors)")
            }
        }
    }

    @Test func `an empty folder is no catalogue`() throws {
        try withFolder { folder in
            let outcome = try Program.mock.run(["models", "--catalog", folder])
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains(folder))
        }
    }
}
