import ClipriseClient
import Foundation

/// What the article on the reference client shows; compiled, not run.
func makeLighthouse() async throws {
    let client = ClipriseClient(try ClientConfiguration(environment: ProcessInfo.processInfo.environment))
    let request = GenerateRequest(
        model: "z-image", callbackURL: "https://your-service.example.com/webhooks/cliprise",
        input: [RequestField("prompt", "A lighthouse"), RequestField("aspect_ratio", "16:9")])
    do {
        // Generates, waits, downloads.
        let result = try await client.run(request, toFile: "lighthouse.png")
        // result.kind follows from the file's content.
        print(result.task, result.byteCount, result.polls, result.retries)
    } catch let error as ClipriseError {
        // What happened, to which task, and what to do.
        print(error.kind, error.task ?? "no task", error.advice)
    }
    await client.shutdown()
}
