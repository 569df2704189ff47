import Foundation
import ProgramRunner
import RawSocket
import Testing

/// A body for each model and the kind of file that it asks for, over a real socket, judged by standard tools.
@Suite(.ownThreads) struct EveryModelTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        var model: String
        /// The body as JSON.
        var body: String
        var testDescription: String { model }
    }

    /// Those whose sample asks for several pictures at once.
    static let archives = ["grok-imagine", "seedream-v4"]
    static let images = models(making: "png", "jpeg")
    static let videos = models(making: "mp4")
    static let sounds = models(making: "mp3")
    static let transcripts = models(making: "transcript")

    /// The models whose file says that they make this.
    private static func models(making forms: String...) -> [String] {
        Repository.models.filter { id in
            let text = (try? Repository.text("fixtures/catalog/\(id).json")) ?? ""
            return !archives.contains(id) && forms.contains { text.contains("\"result\": \"\($0)\"") }
        }
    }

    static let samples: [String: Sample] = {
        var samples: [String: Sample] = [:]
        for file in ["requests", "assumed-requests"] {
            let text = (try? Repository.text("fixtures/prices/\(file).json")) ?? "[]"
            let rows = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
            for row in rows ?? [] {
                guard let model = row["model"] as? String, samples[model] == nil, let body = row["body"],
                    let json = try? JSONSerialization.data(withJSONObject: body, options: .sortedKeys)
                else { continue }
                samples[model] = Sample(model: model, body: String(decoding: json, as: UTF8.self))
            }
        }
        return samples
    }()

    private static func samples(of models: [String]) -> [Sample] { models.compactMap { samples[$0] } }

    @Test func `every model has a sample here`() throws {
        let all = Self.images + Self.videos + Self.sounds + Self.transcripts + Self.archives
        #expect(all.sorted() == Repository.models)
        #expect(Set(all) == Set(Self.samples.keys))
        let listed = try Program.mock.run(["models", "list", "--json"]).output
        let models = try JSONSerialization.jsonObject(with: Data(listed.utf8)) as? [[String: Any]]
        #expect(Set(models?.compactMap { $0["model"] as? String } ?? []) == Set(all))
    }

    @Test(
        .enabled(if: Program.python.works("-c", "import PIL"), "python3 package Pillow is not installed"),
        arguments: samples(of: images))
    func `Pillow opens the picture of a model`(sample: Sample) throws {
        try withDownload(sample) { file, type in
            let script =
                "import sys; from PIL import Image; i = Image.open(sys.argv[1]); i.load(); print(i.get_format_mimetype())"
            let outcome = try Program.python.run(["-c", script, file])
            #expect(outcome.output == "\(type)\n", "\(outcome.errors)")
        }
    }

    @Test(
        .enabled(if: Program(path: "ffprobe").works("-version"), "ffprobe is not installed"),
        arguments: samples(of: videos))
    func `ffprobe finds the picture size and the length that quote promised for a video`(sample: Sample) throws {
        let quote = try Program.mock.run(["quote", "-"], input: sample.body).output
        let promise = try #require(quote.firstMatch(of: /makes mp4 (\d+)×(\d+) (\d+) s/))
        try withDownload(sample) { file, type in
            #expect(type == "video/mp4")
            let found = try probe(file)
            let video = try #require(found.streams.first { $0.codec_type == "video" })
            #expect(video.width.map(String.init) == String(promise.1))
            #expect(video.height.map(String.init) == String(promise.2))
            let seconds = try #require(Double(found.format.duration))
            #expect(abs(seconds - (Double(promise.3) ?? 0)) < 0.1)
        }
    }

    @Test(
        .enabled(if: Program(path: "ffprobe").works("-version"), "ffprobe is not installed"),
        arguments: samples(of: sounds))
    func `ffprobe finds sound in what an audio model made`(sample: Sample) throws {
        try withDownload(sample) { file, type in
            #expect(type == "audio/mpeg")
            let found = try probe(file)
            #expect(found.format.format_name == "mp3")
            #expect(found.streams.map(\.codec_type) == ["audio"])
        }
    }

    @Test(arguments: samples(of: transcripts))
    func `a transcript is JSON with a text`(sample: Sample) throws {
        try withDownload(sample) { file, type in
            #expect(type.hasPrefix("application/json"))
            let data = try Data(contentsOf: URL(fileURLWithPath: file))
            let value = try JSONSerialization.jsonObject(with: data) as? [String: Any]
            #expect((value?["text"] as? String)?.isEmpty == false)
        }
    }

    @Test(.enabled(if: Program(path: "unzip").works("-v"), "unzip is not installed"), arguments: samples(of: archives))
    func `unzip finds an archive of several files whole`(sample: Sample) throws {
        try withDownload(sample) { file, type in
            #expect(type == "application/zip")
            let outcome = try Program(path: "unzip").run(["-t", file])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.matches(of: /testing: .* OK/).count > 1)
        }
    }

    private struct Found: Decodable {
        struct Stream: Decodable {
            // As ffprobe spells them.
            var codec_type: String
            var width: Int?
            var height: Int?
        }
        struct Format: Decodable {
            var format_name: String
            var duration: String
        }
        var streams: [Stream]
        var format: Format
    }

    private func probe(_ file: String) throws -> Found {
        let outcome = try Program(path: "ffprobe").run(
            ["-v", "error", "-show_streams", "-show_format", "-of", "json", file])
        #expect(outcome.errors == "")
        return try JSONDecoder().decode(Found.self, from: Data(outcome.output.utf8))
    }

    /// Generates, asks for the status and downloads; runs `body` with the file and its content type.
    private func withDownload(_ sample: Sample, _ body: (String, String) throws -> Void) throws {
        let server = try MockServer(["--time-scale", "0", "--account", "test-key=100000"])
        let accepted = try server.generate(sample.body)
        #expect(accepted.status == 200)
        #expect(accepted.text.wholeMatch(of: /\[{"code":200,"taskId":"[0-9a-f]{32}"}\]/) != nil, "\(accepted.text)")
        let done = try server.status(accepted.taskID)
        #expect(done.status == 200)
        #expect(done.fields["status"] as? String == "success")
        let file = try server.status(accepted.taskID, download: true)
        #expect(file.status == 200)
        let type = try #require(file.head.firstMatch(of: /(?i)content-type: ([^\r]+)/))
        try withFolder { folder in
            let path = "\(folder)/result"
            try Data(file.body).write(to: URL(fileURLWithPath: path))
            try body(path, String(type.1))
        }
        #expect(try server.stop() == 0)
    }
}
