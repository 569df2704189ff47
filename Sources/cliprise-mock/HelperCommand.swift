internal import ArgumentParser
internal import CClipriseData
internal import ClipriseServer
internal import ClipriseWire
internal import Glibc

struct HelperCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "helper",
        abstract: "Print a test helper, a CI step or a service definition.",
        discussion: """
            A test helper is one file without dependencies. It uses the server of exec, or starts one; gives each test an \
            account with the test's name as label; freezes and moves its clock; and fails the test, with the evidence, \
            when its client lost credits. Without a name the helpers are listed.

            examples:
              cliprise-mock helper pytest > conftest.py
              cliprise-mock helper go > cliprise_mock_test.go
              cliprise-mock helper compose > compose.mock.yaml
            """)

    @Argument(help: "The helper; without one they are listed.", completion: .list(Helper.all.map(\.name)))
    var name: String?

    @Flag(help: "List the helpers, as without a name.")
    var list = false

    func run() throws {
        guard let name, !list else {
            var table = TextTable(header: ["HELPER", "ABOUT"])
            for helper in Helper.all { table.rows.append([helper.name, helper.about]) }
            return write(table.text(), to: STDOUT_FILENO)
        }
        guard let helper = Helper.all.first(where: { $0.name == name }) else {
            let names = Helper.all.map(\.name)
            let meant = Spelling.hint(for: name, in: names)
            throw Failure.usage("there is no helper \"\(name)\"\(meant) (there are \(names.joined(separator: ", ")))")
        }
        write(helper.text(version: Service.version), to: STDOUT_FILENO)
    }
}

/// A file that is printed for other languages' tests and for other people's machines.
struct Helper {
    var name: String
    private var template: String

    /// In alphabetical order.
    static let all: [Helper] = (0..<cdata_helper_count()).map { index in
        let file = cdata_helper_file(index)
        let bytes = UnsafeBufferPointer(start: file.bytes, count: file.length)
        return Helper(name: String(cString: file.name), template: String(decoding: bytes, as: UTF8.self))
    }

    /// What the first line says of itself.
    var about: String {
        let line = template.split(separator: "\n", maxSplits: 2).prefix(2).first { $0.contains("@VERSION@") } ?? ""
        let words = line.split(separator: "@VERSION@", maxSplits: 1).last ?? ""
        return String(words.drop { !$0.isLetter }.prefix { !".(".contains($0) })
    }

    func text(version: String) -> String {
        let pieces = template.split(separator: "@VERSION@", omittingEmptySubsequences: false)
        return pieces.joined(separator: version)
    }
}
