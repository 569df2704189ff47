internal import ArgumentParser
internal import ClipriseClient
internal import ClipriseWire
internal import Glibc

/// A command that is one job.
protocol JobCommand: ParsableCommand, Sendable {
    var connection: ConnectionOptions { get }
    /// Where the file goes; nil for a job without one.
    var output: String? { get }
    /// The most bytes of the file; nil for the client's own limit.
    var maxBytes: Int? { get }

    /// Reads what the command line names, before anything is sent.
    ///
    /// - Returns: What to generate; nil for a job on a task that exists.
    /// - Throws: `Failure`.
    func prepare() throws -> GenerateRequest?
    func perform(_ call: JobCall) async throws -> JobResult
}

struct JobCall: Sendable {
    let client: ClipriseClient
    /// What to generate; nil for a job on a task that exists.
    let request: GenerateRequest?
    let progress: ProgressLines
}

extension JobCommand {
    var output: String? { nil }
    var maxBytes: Int? { nil }

    func prepare() throws -> GenerateRequest? { nil }
}

/// Runs one job, reports how it went, and ends the process with its exit code.
enum CommandRunner {
    /// Called on the main thread, whose signals are blocked: it has nothing to do but to wait for them.
    static func run(_ command: any JobCommand) -> Never {
        let client: ClipriseClient
        let request: GenerateRequest?
        do {
            if command.output == "" {
                throw Failure(message: "the name of the output is empty: give a file, or - for standard output")
            }
            request = try command.prepare()
            client = try command.connection.client(maxBytes: command.maxBytes)
        } catch {
            let text = (error as? Failure)?.message ?? "\(error)"
            write("cliprise: \(Printable.lines(text))\n", to: STDERR_FILENO)
            Glibc.exit(ExitStatus.usage.rawValue)
        }
        let progress = ProgressLines(isQuiet: command.connection.quiet)
        let call = JobCall(client: client, request: request, progress: progress)
        let work = Task { try await command.perform(call) }
        Task {
            let outcome = await work.result
            await client.shutdown()
            progress.end()
            Glibc.exit(report(outcome, of: command).rawValue)
        }
        waitForEndingSignal()
        work.cancel()
        while true { pause() }
    }

    /// Says how a job ended, to people or to programs.
    private static func report(_ outcome: Result<JobResult, any Error>, of command: any JobCommand) -> ExitStatus {
        let output = command.output
        let isJSON = command.connection.json
        // Where the file went to standard output, what there is to say goes elsewhere.
        let channel = output == "-" ? STDERR_FILENO : STDOUT_FILENO
        switch outcome {
        case .success(let result):
            note(result, output)
            let said = isJSON ? json(result, output) : text(result, output)
            guard let reason = write(said, to: channel) else { return .fine }
            // The id of a paid task must not be lost with it.
            let isWanted = reason != EPIPE || result.state == .accepted
            if isWanted {
                write(
                    "cliprise: \(channel == STDOUT_FILENO ? "standard output" : "standard error") cannot be written: "
                        + "\(String(cString: strerror(reason))) (task \(result.task.printable))\n", to: STDERR_FILENO)
            }
            return .file
        case .failure(let error as ClipriseError):
            let status = ExitStatus(error.kind)
            write("cliprise: \(error)\n", to: STDERR_FILENO)
            guard isJSON, write(json(error, status.rawValue), to: channel) != nil else { return status }
            return .file
        case .failure(is CancellationError):
            write("cliprise: interrupted\n", to: STDERR_FILENO)
            return .interrupted
        case .failure(let error):
            write("cliprise: \("\(error)".printable)\n", to: STDERR_FILENO)
            return .file
        }
    }

    private static func text(_ result: JobResult, _ output: String?) -> String {
        switch result.state {
        case .accepted: "\(result.task.printable)\n"
        case .processing: "processing\n"
        case .succeeded: "succeeded\n"
        case .downloaded:
            "\(result.task.printable): \(DecimalText.count(result.byteCount, "byte"))"
                + (result.kind.map { $0 == .other ? "" : " (\($0.rawValue))" } ?? "")
                + (output.map { $0 == "-" ? "" : " in \($0.printable)" } ?? "") + "\n"
        }
    }

    private static func json(_ result: JobResult, _ output: String?) -> String {
        var fields = [
            RequestField("state", .string(result.state.rawValue)), RequestField("task", .string(result.task)),
        ]
        if result.state == .downloaded {
            if let output, output != "-" { fields.append(RequestField("file", .string(output))) }
            fields.append(RequestField("kind", .string((result.kind ?? .other).rawValue)))
            fields.append(RequestField("bytes", .integer(Int64(result.byteCount))))
        }
        fields.append(RequestField("polls", .integer(Int64(result.polls))))
        fields.append(RequestField("retries", .integer(Int64(result.retries))))
        return line(fields)
    }

    private static func json(_ error: ClipriseError, _ code: Int32) -> String {
        var fields = [
            RequestField("error", .string(error.kind.word)),
            RequestField("task", error.task.map { .string($0) } ?? .null),
            RequestField("message", .string("\(error.kind)")), RequestField("advice", .string(error.advice)),
            RequestField("exit", .integer(Int64(code))),
        ]
        if case .insufficientCredits(let url?) = error.kind { fields.append(RequestField("actionURL", .string(url))) }
        return line(fields)
    }

    private static func line(_ fields: [RequestField]) -> String {
        // Beyond what JSON demands: the same values, and nothing that a terminal would act on.
        Printable.escaping(String(decoding: RequestValue.object(fields).json, as: UTF8.self), keeping: []) + "\n"
    }

    /// A name says nothing: a job may bring a zip where a picture was expected.
    private static func note(_ result: JobResult, _ output: String?) {
        guard let output, let kind = result.kind, kind != .other, output != "-" else { return }
        let ending = output.split(separator: "/").last?.split(separator: ".").dropFirst().last?.lowercased() ?? ""
        let same = ending == kind.fileExtension || (ending == "jpeg" && kind == .jpeg)
        if !ending.isEmpty, !same {
            write("cliprise: note: \(output.printable) is a \(kind.rawValue) file\n", to: STDERR_FILENO)
        }
    }
}

/// Keeps SIGINT and SIGTERM waiting for `waitForEndingSignal`, on this thread and all that it starts; ignores SIGPIPE.
func blockEndingSignals() {
    var signals = endingSignals()
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    signal(SIGPIPE, SIG_IGN)
}

/// Returns at the first SIGINT or SIGTERM; a second one then ends the process at once.
private func waitForEndingSignal() {
    var signals = endingSignals()
    var received: Int32 = 0
    sigwait(&signals, &received)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
}

private func endingSignals() -> sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    return signals
}
