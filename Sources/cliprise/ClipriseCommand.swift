internal import ArgumentParser

@main
struct ClipriseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "cliprise", abstract: "The reference client.")
}
