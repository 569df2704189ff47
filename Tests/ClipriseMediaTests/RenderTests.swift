import ClipriseMedia
import ClipriseWire
import Testing

@Suite struct RenderTests {
    static let specs: [ResultSpec] = [
        .sample(.png, Size(854, 480)), .sample(.png, Size(640, 640), isTransparent: true, count: 3),
        .sample(.jpeg, Size(720, 1280), count: 2), .sample(.mp4, Size(854, 480), seconds: 4, hasSound: true),
        .sample(.mp3, seconds: 7), .sample(.transcript, seconds: 9, count: 2),
    ]

    @Test(arguments: specs)
    func `one specification gives the same bytes every time and on every thread`(spec: ResultSpec) async throws {
        let expected = try render(spec)
        let files = try await withThrowingTaskGroup(of: ResultFile.self) { group in
            for _ in 0..<4 { group.addTask { try render(spec) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(files.count == 4)
        #expect(files.allSatisfy { $0 == expected })
    }

    @Test func `model, prompt, task and ordinal all show in the picture`() throws {
        var spec = ResultSpec.sample(.png, Size(512, 512))
        var files = [try render(spec).bytes]
        spec.model += "x"
        files.append(try render(spec).bytes)
        spec.prompt = "x" + spec.prompt
        files.append(try render(spec).bytes)
        spec.taskID = "x" + spec.taskID
        files.append(try render(spec).bytes)
        #expect(Set(files).count == 4)
    }

    @Test(arguments: [
        (ResultSpec.Form.png, 1, "sample.png", ResponsePlan.ContentType.png), (.jpeg, 1, "sample.jpg", .jpeg),
        (.mp4, 1, "sample.mp4", .mp4), (.mp3, 1, "sample.mp3", .mp3), (.transcript, 1, "sample.json", .json),
        (.png, 2, "sample.zip", .zip), (.mp3, 16, "sample.zip", .zip),
    ])
    func `name and type follow the form`(
        form: ResultSpec.Form, count: Int, name: String, type: ResponsePlan.ContentType
    ) throws {
        let file = try render(.sample(form, Size(64, 64), seconds: 1, count: count))
        #expect(file.fileName == name)
        #expect(file.contentType == type)
    }

    @Test(arguments: [
        ("a/../b\"c", "a-..-b-c.png"), ("..", "result.png"), ("", "result.png"), ("ü x", "---x.png"),
        (".hidden", "hidden.png"),
    ])
    func `a file name has no character that a header or a file system minds`(name: String, expected: String) throws {
        #expect(try render(.sample(.png, Size(16, 16), name: name)).fileName == expected)
    }

    struct Rejection: Sendable, CustomTestStringConvertible {
        var spec: ResultSpec
        var error: MediaError
        var testDescription: String { error.description }
    }

    static let rejections: [Rejection] = [
        Rejection(
            spec: .sample(.png, Size(8193, 64)),
            error: .sizeOutOfRange(width: 8193, height: 64, allowed: 16...8192)),
        Rejection(
            spec: .sample(.jpeg, Size(64, 15)), error: .sizeOutOfRange(width: 64, height: 15, allowed: 16...8192)),
        Rejection(
            spec: .sample(.mp4, Size(64, 4098), seconds: 1),
            error: .sizeOutOfRange(width: 64, height: 4098, allowed: 64...4096)),
        Rejection(spec: .sample(.mp4, Size(64, 65), seconds: 1), error: .oddVideoSize(width: 64, height: 65)),
        Rejection(spec: .sample(.mp4, Size(64, 64)), error: .lengthOutOfRange(seconds: 0, allowed: 1...3600)),
        Rejection(spec: .sample(.mp3, seconds: 3601), error: .lengthOutOfRange(seconds: 3601, allowed: 1...3600)),
        Rejection(spec: .sample(.mp3), error: .lengthOutOfRange(seconds: 0, allowed: 1...3600)),
        Rejection(spec: .sample(.transcript, seconds: -1), error: .lengthOutOfRange(seconds: -1, allowed: 0...3600)),
        Rejection(spec: .sample(.png, Size(64, 64), count: 17), error: .countOutOfRange(count: 17, allowed: 1...16)),
        Rejection(spec: .sample(.png, Size(64, 64), count: 0), error: .countOutOfRange(count: 0, allowed: 1...16)),
    ]

    @Test(arguments: rejections)
    func `a specification beyond the limits is rejected with what is allowed`(rejection: Rejection) {
        #expect(throws: rejection.error) { try render(rejection.spec) }
    }

    @Test func `an archive beyond the memory limit is rejected`() throws {
        let size = try render(.sample(.mp3, seconds: 3600)).bytes.count
        #expect(throws: MediaError.resultTooLarge(byteCount: 3 * size, limit: 40_000_000)) {
            try render(.sample(.mp3, seconds: 3600, count: 3))
        }
    }
}
