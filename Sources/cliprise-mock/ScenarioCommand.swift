internal import ArgumentParser
internal import ClipriseCatalog
internal import ClipriseScenario
internal import ClipriseWire
internal import Glibc

struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Check scenario files, print their JSON Schema, show the built-in library.",
        discussion: """
            A scenario is a YAML or JSON file that says which accounts there are, how tasks live and end, which \
            requests meet which fault, and what is expected of the client.

            examples:
              cliprise-mock scenario list
              cliprise-mock scenario show lost-reply > mine.yaml
              cliprise-mock scenario check mine.yaml
              cliprise-mock scenario schema > scenario.schema.json
              cliprise-mock serve --scenario mine.yaml
            """,
        subcommands: [List.self, Show.self, Check.self, Schema.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the built-in scenarios (the default).")

        @Flag(help: "Print JSON.")
        var json = false

        func run() throws {
            let scenarios = try ScenarioLibrary.names.map { try ScenarioLibrary.load(named: $0) }
            guard !json else { return write(list(scenarios), to: STDOUT_FILENO) }
            var table = TextTable(header: ["SCENARIO", "ABOUT"])
            for scenario in scenarios { table.rows.append([scenario.name, scenario.about]) }
            write(
                table.text() + "\n\(scenarios.count) scenarios; run one with: cliprise-mock serve --scenario NAME\n",
                to: STDOUT_FILENO)
        }

        private func list(_ scenarios: [Scenario]) -> String {
            JSONWriter.lines(scenarios) { writer, scenario in
                writer.member("name", scenario.name)
                writer.member("about", scenario.about)
                writer.member("hash", scenario.hash.hex)
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print the file of a built-in scenario, to run or to begin one's own with.")

        @Argument(help: "The name of a built-in scenario.")
        var name: String

        func run() throws {
            do {
                write(String(decoding: try ScenarioLibrary.text(named: name), as: UTF8.self), to: STDOUT_FILENO)
            } catch {
                throw Failure.usage(error.description)
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check files; every mistake is named with file, line and column.",
            discussion: """
                Prints one line for each mistake, FILE:LINE:COLUMN: what is wrong, and exits with 2; without any it \
                prints one line for each file and exits with 0. A rule that can never act (a count beyond its plan, a rule \
                before it that takes all of its requests, a chance of 0) is a mistake here, and so is a model that the \
                catalogue does not have; serve, exec and simulate take such files nevertheless.
                """)

        @Argument(help: "Scenario files, or - for standard input.", completion: .file())
        var files: [String]
        @OptionGroup var catalogOption: CatalogOption

        func run() throws {
            var isSound = true
            let models = try catalogOption.load().models.ids
            for file in files {
                let text = try readFile(file, of: [.scenario])
                let name = file == "-" ? "standard input" : file
                var problems = Scenario.problems(inYAML: text, source: name)
                if problems.isEmpty {
                    problems = Scenario.idleLines(inYAML: text, source: name, models: models)
                }
                isSound = isSound && problems.isEmpty
                if problems.isEmpty {
                    let scenario = try Scenario(yaml: text, source: name)
                    write(
                        "\(name): fine: \(DecimalText.count(scenario.rules.count, "rule")), "
                            + "\(DecimalText.count(scenario.tasks.count, "task rule")), "
                            + "\(DecimalText.count(scenario.expectations.count, "expectation")), hash \(scenario.hash.hex)\n",
                        to: STDOUT_FILENO)
                } else {
                    write(problems.joined(separator: "\n") + "\n", to: STDERR_FILENO)
                }
            }
            if !isSound { throw ExitCode(Failure.Code.usage.rawValue) }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "schema", abstract: "Print the JSON Schema of scenario files, for editors.",
            discussion: """
                Save it beside your scenarios as scenario.schema.json, and let the first line of each be
                  # yaml-language-server: $schema=scenario.schema.json
                """)

        func run() throws {
            write(ScenarioSchema.text, to: STDOUT_FILENO)
        }
    }
}
