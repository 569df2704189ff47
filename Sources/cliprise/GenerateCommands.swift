internal import ArgumentParser
internal import ClipriseClient
internal import ClipriseWire
internal import Glibc

struct GenerateCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Send a request and print the task's id.",
        discussion: """
            examples:
              cliprise generate --model z-image --prompt "A lighthouse" --set aspect_ratio=1:1
              cliprise generate --model seedance-v1 --prompt Waves --set options.model=0 --set options.resolution=720p
              cliprise generate --file body.json --json
            """)

    @OptionGroup var body: BodyOptions
    @OptionGroup var connection: ConnectionOptions

    func prepare() throws -> GenerateRequest? { try body.request() }

    func perform(_ call: JobCall) async throws -> JobResult {
        guard let request = call.request else { preconditionFailure("prepared") }
        return try await call.client.generate(
            request, resendingUnknown: body.resendUnknown, progress: call.progress.show)
    }
}

struct RunCommand: JobCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Generate, wait and download.",
        discussion: """
            When it ends early, the task's id is in its last line: "cliprise download ID" goes on from there.

            examples:
              cliprise run --model z-image --prompt "A lighthouse" --set aspect_ratio=16:9 --output lighthouse.png
              cliprise run --file body.json --output - > result.bin
            """)

    @OptionGroup var body: BodyOptions
    @OptionGroup var target: OutputOptions
    @OptionGroup var connection: ConnectionOptions

    var output: String? { target.name }
    var maxBytes: Int? { target.maxBytes }

    func prepare() throws -> GenerateRequest? { try body.request() }

    func perform(_ call: JobCall) async throws -> JobResult {
        guard let request = call.request else { preconditionFailure("prepared") }
        guard output == "-" else {
            return try await call.client.run(
                request, toFile: target.path, resendingUnknown: body.resendUnknown, progress: call.progress.show)
        }
        return try await call.client.run(
            request, resendingUnknown: body.resendUnknown, progress: call.progress.show
        ) { try writeOut($0) }
    }
}

/// Where a file goes.
struct OutputOptions: ParsableArguments {
    @Option(
        name: [.customShort("o"), .customLong("output")], help: "Where the file goes, - for standard output.",
        completion: .file())
    var path: String
    @Option(
        help: "The most bytes of the file; one that is larger ends the job. 4 GiB otherwise.",
        transform: DecimalText.readWhole)
    var maxBytes: Int?

    /// A name of standard output is the same as `-`, so that nothing else is said there.
    var name: String { ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path) ? "-" : path }
}

func writeOut(_ bytes: [UInt8]) throws {
    guard let number = OutputPath.write(bytes[...], to: STDOUT_FILENO) else { return }
    throw ClipriseError(.cannotWrite(path: "standard output", reason: String(cString: strerror(number))))
}
