import ClipriseClient
import Foundation

/// How a job ends for the one who gave it.
enum Ending: Sendable, Hashable {
    case downloaded
    /// A generate may have been charged, and nobody knows.
    case unknown
    /// 200 without a body.
    case empty
    case failed(String)
    case lost, refusedKey, noCredits, deadline
    case other(String)

    init(_ error: any Error) {
        guard let error = error as? ClipriseError else {
            self = .other("\(error)")
            return
        }
        self =
            switch error.kind {
            case .outcomeUnknown: .unknown
            case .emptyAnswer: .empty
            case .taskFailed(let message): .failed(message)
            case .taskLost: .lost
            case .invalidAPIKey: .refusedKey
            case .insufficientCredits: .noCredits
            case .deadlineExceeded: .deadline
            default: .other("\(error.kind)")
            }
    }
}

/// One of the jobs that a client of the matrix does one after another.
struct MatrixJob: Sendable {
    var body: String
    /// Credits, as published.
    var price: Int64

    private static func body(_ model: String, _ input: String) -> String {
        #"{"model":"\#(model)","callBackUrl":"https://hooks.example.com/done","input":{\#(input)}}"#
    }

    static func picture(_ prompt: String) -> MatrixJob {
        MatrixJob(
            body: body(
                "qwen-image-2",
                #""prompt":"\#(prompt)","image_size":"1:1","output_format":"png","seed":10000"#), price: 12)
    }

    static func poster(_ prompt: String) -> MatrixJob {
        MatrixJob(body: body("grok-imagine", #""prompt":"\#(prompt)","aspect_ratio":"2:3""#), price: 8)
    }

    static func video(_ prompt: String) -> MatrixJob {
        MatrixJob(body: body("sora-2", #""prompt":"\#(prompt)","aspectRatio":"portrait""#), price: 54)
    }

    /// For one of the models that answered with nothing.
    static let snapshot = MatrixJob(
        body: body("runway", #""prompt":"A pier","aspectRatio":"16:9","duration":5,"quality":"720p""#), price: 0)

    /// Two pictures, the second of which a moderator may dislike, a zip of six pictures, a video, and a picture.
    static let all = [
        picture("A pier"), picture("A court of moderation"),
        poster("A poster"), video("A corgi"), picture("A last boat"),
    ]

    /// Does the job, into a file that is looked at, or into nothing when there is no path.
    func play(_ client: ClipriseClient, path: String?) async -> Ending {
        let request = GenerateRequest(rawJSON: Array(body.utf8))
        do {
            let result =
                if let path { try await client.run(request, toFile: path) } else {
                    try await client.run(request) { _ in }
                }
            return result.state == .downloaded ? .downloaded : .other("\(result.state)")
        } catch { return Ending(error) }
    }

    /// Does all jobs, one after another or at once; their files, if there is a folder, are called by their numbers.
    ///
    /// - Returns: How they ended, in the order of the jobs.
    static func playAll(_ client: ClipriseClient, folder: String? = nil, isAtOnce: Bool = false) async -> [Ending] {
        var endings: [Ending] = []
        if isAtOnce {
            await withTaskGroup(of: (Int, Ending).self) { group in
                for (index, job) in all.enumerated() {
                    group.addTask { (index, await job.play(client, path: folder.map { "\($0)/\(index)" })) }
                }
                endings = await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
            }
            return endings
        }
        for (index, job) in all.enumerated() {
            endings.append(await job.play(client, path: folder.map { "\($0)/\(index)" }))
        }
        return endings
    }
}

/// Runs `body` with the path of a new folder, which is removed afterwards.
func withJobFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cliprise-matrix-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try await body(folder.path)
}
