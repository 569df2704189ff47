internal import ArgumentParser
internal import ClipriseClient

struct StatusCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask once how a task is: prints processing or succeeded.",
        discussion: """
            A task that has failed ends with exit code 8.

            example:
              cliprise status f11021d5b56bc19932b336ac0dbf413f
            """)

    @Argument(help: "The task's id.")
    var task: String
    @OptionGroup var connection: ConnectionOptions

    func perform(
        _ client: ClipriseClient, _ request: GenerateRequest?, progress: ProgressLines
    ) async throws -> JobResult {
        try await client.status(of: task) { progress.show($0) }
    }
}

struct WaitCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until a task is finished.",
        discussion: """
            example:
              cliprise wait f11021d5b56bc19932b336ac0dbf413f --deadline 600
            """)

    @Argument(help: "The task's id.")
    var task: String
    @OptionGroup var connection: ConnectionOptions

    func perform(
        _ client: ClipriseClient, _ request: GenerateRequest?, progress: ProgressLines
    ) async throws -> JobResult {
        try await client.wait(for: task) { progress.show($0) }
    }
}

struct DownloadCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "download",
        abstract: "Fetch the file of a task, waiting for it if need be.",
        discussion: """
            A download that was interrupted goes on where it ended.

            example:
              cliprise download f11021d5b56bc19932b336ac0dbf413f --output lighthouse.png
            """)

    @Argument(help: "The task's id.")
    var task: String
    @Option(
        name: [.customShort("o"), .customLong("output")], help: "Where the file goes, - for standard output.",
        completion: .file())
    var path: String
    @Option(help: "The most bytes of the file; one that is larger ends the job. 4 GiB otherwise.")
    var maxBytes: Int?
    @OptionGroup var connection: ConnectionOptions

    var output: String? { outputName(path) }

    func perform(
        _ client: ClipriseClient, _ request: GenerateRequest?, progress: ProgressLines
    ) async throws -> JobResult {
        guard output == "-" else {
            return try await client.download(task, toFile: path) { progress.show($0) }
        }
        return try await client.download(task, progress: { progress.show($0) }) { try writeOut($0) }
    }
}
