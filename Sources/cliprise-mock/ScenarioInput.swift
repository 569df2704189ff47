internal import ClipriseScenario
internal import Glibc

/// A scenario given by name or as a file, with its text.
struct ScenarioInput {
    var name: String
    var text: [UInt8]
    var scenario: Scenario

    /// A name is built in unless a file of that name exists; what has a `/` or an ending is a file, and `-` is standard
    /// input.
    init(_ nameOrFile: String) throws {
        let isFile =
            nameOrFile == "-" || nameOrFile.contains("/") || nameOrFile.contains(".") || access(nameOrFile, R_OK) == 0
        do {
            text = isFile ? try readFile(nameOrFile, of: [.scenario]) : try ScenarioLibrary.text(named: nameOrFile)
            name = nameOrFile == "-" ? "standard input" : isFile ? nameOrFile : "\(nameOrFile).yaml"
            scenario = try Scenario(yaml: text, source: name)
            scenario.isBuiltIn = !isFile
        } catch let error as UnknownScenario {
            throw Failure.usage("\(error); for a file of yours write ./\(nameOrFile)")
        } catch let errors as ScenarioErrors {
            throw Failure.usage("the scenario cannot be used\n" + errors.lines.joined(separator: "\n"))
        }
    }
}
