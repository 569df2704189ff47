// Starts programs and listens to them. Pipes are drained whenever anyone waits, so neither side can block the other.

internal import Foundation
internal import Glibc

/// Why a program could not be watched to its end.
package enum ChildError: Error, Hashable {
    /// What was waited for did not come; the program was killed.
    case late(awaited: String, output: String, errors: String)
    /// The program ended before what was waited for came.
    case ended(awaited: String, output: String, errors: String)
}

/// A started program; killed when the value goes away.
package final class Child {
    /// The bound of all waits, in seconds: far beyond what any of them takes.
    package static let limit = 300.0
    /// The bound for this program; the usual one but for tools that take minutes by nature.
    private let limit: Double

    package private(set) var output: [UInt8] = []
    package private(set) var errors: [UInt8] = []

    private let process = Process()
    private let outputPipe = Pipe()
    private let errorPipe = Pipe()
    private var openEnds: (output: Bool, errors: Bool) = (true, true)

    /// - Parameters:
    ///   - program: A path, or a name that is looked for in `PATH`.
    ///   - environment: Added to this process's own environment, from which all `CLIPRISE_` variables are taken out.
    ///   - folder: Where the program runs; nil for here.
    ///   - input: Its standard input, at most 60 KB.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil,
        input: String = "", limit: Double = Child.limit
    ) throws {
        self.limit = limit
        precondition(input.utf8.count <= 60_000, "more input than a pipe takes at once")
        let inputPipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("CLIPRISE_") }
            .merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        process.standardInput = inputPipe
        process.standardOutput = outputPipe
        process.standardError = errorPipe
        try process.run()
        // A program that ends without reading its input is judged by what it says, not by the broken pipe.
        try? inputPipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? inputPipe.fileHandleForWriting.close()
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: errors, as: UTF8.self) }

    package var processIdentifier: Int32 { process.processIdentifier }

    /// The names of the files that the running program has mapped, its libraries among them.
    package func mappedFiles() throws -> Set<String> {
        // The kernel says that the file is empty, so it is read until it ends.
        let file = FileHandle(forReadingAtPath: "/proc/\(process.processIdentifier)/maps")
        let maps = String(decoding: try file?.readToEnd() ?? Data(), as: UTF8.self)
        return Set(maps.split(separator: "\n").compactMap { $0.split(separator: "/").last.map(String.init) })
    }

    package func signal(_ number: Int32) {
        if process.isRunning { kill(process.processIdentifier, number) }
    }

    /// Returns when both streams have ended and the program with them.
    ///
    /// - Returns: The exit code, or 128 and the signal's number.
    @discardableResult
    package func wait() throws -> Int32 {
        _ = try pump(awaited: "its end") { false }
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    }

    /// Returns when what the program has written satisfies the condition.
    package func wait(for awaited: String, until isMet: () -> Bool) throws {
        guard try pump(awaited: awaited, until: isMet) else {
            throw ChildError.ended(awaited: awaited, output: outputText, errors: errorText)
        }
    }

    /// Reads both streams until the condition holds (true) or both have ended (false).
    private func pump(awaited: String, until isMet: () -> Bool) throws -> Bool {
        let start = ContinuousClock.now
        while !isMet() {
            guard openEnds.output || openEnds.errors else { return false }
            let passed = (ContinuousClock.now - start) / .seconds(1)
            guard passed < limit else {
                kill(process.processIdentifier, SIGKILL)
                throw ChildError.late(awaited: awaited, output: outputText, errors: errorText)
            }
            let (outputEnd, errorEnd) = (outputPipe.fileHandleForReading, errorPipe.fileHandleForReading)
            // A negative descriptor is passed over.
            var ends = [
                pollfd(fd: openEnds.output ? outputEnd.fileDescriptor : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: openEnds.errors ? errorEnd.fileDescriptor : -1, events: Int16(POLLIN), revents: 0),
            ]
            poll(&ends, 2, Int32((limit - passed) * 1_000) + 1)
            if ends[0].revents != 0 { openEnds.output = Self.read(outputEnd, into: &output) }
            if ends[1].revents != 0 { openEnds.errors = Self.read(errorEnd, into: &errors) }
        }
        return true
    }

    /// Reads what is there; false at the end.
    private static func read(_ end: FileHandle, into bytes: inout [UInt8]) -> Bool {
        let piece = end.availableData
        bytes += piece
        return !piece.isEmpty
    }
}
