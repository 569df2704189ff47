import ClipriseClient
import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The deadline and the limit of size bound the whole job, whatever a server does.
@Suite(.ownThreads) struct DeadlineTests {
    /// How a server keeps a download going for ever.
    enum Torture: String, Sendable, CaseIterable {
        /// A byte every 20 ms, of a body that announces 1 MB.
        case drip
        /// The same, of a body without a length.
        case endlessDrip
        /// As much as the client takes, without an end.
        case flood

        func serve(_ connection: ServedConnection) {
            guard connection.request() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\n" + (self == .drip ? "Content-Length: 1000000\r\n" : "") + "\r\n")
            let piece = [UInt8](repeating: 0x78, count: self == .flood ? 1 << 16 : 1)
            while connection.send(piece) {
                if self != .flood, connection.waitForLeaving(milliseconds: 20) { return }
            }
        }
    }

    @Test(arguments: Torture.allCases)
    func `a download that never ends ends with the deadline`(torture: Torture) async throws {
        let server = try ConnectionServer { torture.serve($0) }
        let (folder, path) = try Folder.make("f")
        let one = try wireClient("http://127.0.0.1:\(server.port)", deadline: .milliseconds(500))
        let error = await #expect(throws: ClipriseError.self) { try await one.download(taskID, toFile: path) }
        #expect(error == ClipriseError(.deadlineExceeded, task: taskID))
        #expect(try folder.names == ["f.\(taskID).part"])
        await one.shutdown()
    }

    @Test func `a download that stays silent is asked for again after the patience of the policy`() async throws {
        let server = try ConnectionServer { connection in
            guard let request = connection.request() else { return }
            if request.contains("bytes=4-") {
                connection.send("HTTP/1.1 206 X\r\nContent-Range: bytes 4-7/8\r\nContent-Length: 4\r\n\r\n4567")
            } else {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n0123")
            }
            connection.waitForLeaving()
        }
        let one = try wireClient("http://127.0.0.1:\(server.port)", requestTimeout: .milliseconds(200))
        #expect(try await one.download(taskID, to: { _ in }).byteCount == 8)
        await one.shutdown()
    }

    @Test func `the command ends with 10 at its deadline, and with 13 at its limit of size`() throws {
        let dripping = try ConnectionServer { Torture.drip.serve($0) }
        let (folder, path) = try Folder.make("f")
        func download(_ port: UInt16, _ options: [String]) throws -> Outcome {
            try Program.cliprise.run(
                ["download", taskID, "-o", path, "-q"] + options,
                environment: ["CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://127.0.0.1:\(port)"])
        }
        let late = try download(dripping.port, ["--deadline", "1"])
        #expect(late.status == 10 && late.errors.contains("task \(taskID)"), "\(late.errors)")

        let flooding = try ConnectionServer { Torture.flood.serve($0) }
        let large = try download(flooding.port, ["--max-bytes", "1000000"])
        #expect(large.status == 13 && large.errors.contains("1000000"), "\(large.errors)")
        // The announced length is enough to refuse by.
        let announced = try download(dripping.port, ["--max-bytes", "999999"])
        #expect(announced.status == 13, "\(announced.errors)")
        let none = try download(flooding.port, ["--max-bytes", "0"])
        #expect(none.status == 2 && none.errors.contains("--max-bytes"), "\(none.errors)")
        _ = folder
    }
}
