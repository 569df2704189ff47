import Foundation

/// A program of the system that judges our files.
struct Tool: Sendable {
    static let ffmpeg = Tool(name: "ffmpeg")
    static let ffprobe = Tool(name: "ffprobe")
    static let file = Tool(name: "file")
    static let gzip = Tool(name: "gzip")
    static let unzip = Tool(name: "unzip")
    /// `python3` with the imaging library Pillow.
    static let pillow = Tool(name: "python3", probe: ["-c", "import PIL"])

    struct Outcome: Equatable {
        var status: Int32
        /// Standard output and standard error, in one.
        var text: String
    }

    let name: String
    let isInstalled: Bool

    private init(name: String, probe: [String] = []) {
        self.name = name
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let isFound = folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
        isInstalled = isFound && (probe.isEmpty || (try? Self.start(name, probe).status) == 0)
    }

    func run(_ arguments: [String]) throws -> Outcome {
        try Self.start(name, arguments)
    }

    private static func start(_ name: String, _ arguments: [String]) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            text: String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }
}

/// Runs `body` with the path of a new folder, which is removed afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: "cliprise-media-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// Runs `body` with the path of a file that holds `bytes`.
func withFile<Result>(_ bytes: [UInt8], named name: String, _ body: (String) throws -> Result) throws -> Result {
    try withFolder { folder in
        let path = "\(folder)/\(name)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try body(path)
    }
}
