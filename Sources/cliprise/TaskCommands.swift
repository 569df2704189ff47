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

    func perform(_ call: JobCall) async throws -> JobResult {
        try await call.client.status(of: task, progress: call.progress.show)
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

    func perform(_ call: JobCall) async throws -> JobResult {
        try await call.client.wait(for: task, progress: call.progress.show)
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
    @OptionGroup var target: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    var output: String? { target.name }
    var maxBytes: Int? { target.maxBytes }

    func perform(_ call: JobCall) async throws -> JobResult {
        guard output == "-" else {
            return try await call.client.download(task, toFile: target.path, progress: call.progress.show)
        }
        return try await call.client.download(task, progress: call.progress.show) { try writeOut($0) }
    }
}
