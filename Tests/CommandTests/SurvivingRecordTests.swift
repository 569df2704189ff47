import Foundation
import ProgramRunner
import RawSocket
import Testing

/// A recording is there whatever ends the server, and an older one stays until the new one is whole.
@Suite(.ownThreads) struct SurvivingRecordTests {
    /// Waits until the part file holds this many requests.
    private static func wait(for count: Int, in part: String, of server: MockServer) throws {
        // Round trips to the server take the place of sleeping.
        for _ in 0..<20_000 {
            let text = (try? String(contentsOfFile: part, encoding: .utf8)) ?? ""
            if text.split(separator: "\n").count(where: { $0.contains("\"hash\":") }) >= count { return }
            _ = try server.admin("GET", "health")
        }
        Issue.record("fewer than \(count) requests in \(part)")
    }

    @Test func `what a killed server recorded is played again, and the older recording is untouched`() throws {
        try withFolder { folder in
            let (file, part) = ("\(folder)/run.jsonl", "\(folder)/run.jsonl.part")
            try "older\n".write(toFile: file, atomically: true, encoding: .utf8)
            let server = try MockServer(["--open", "--record", file])
            for number in 0..<4 { _ = try server.generate(lighthouse, key: "key-\(number)") }
            try Self.wait(for: 4, in: part, of: server)
            #expect(try server.stop(SIGKILL) == 128 + SIGKILL)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "older\n")

            let played = try Program.mock.run(["replay", part])
            #expect(played.status == 0 && played.output == "4 of 4 answers are the same, byte for byte\n")
            #expect(played.errors == "note: the recording was cut off; this is what was written of it\n")

            // A torn last line is left out.
            let text = try String(contentsOfFile: part, encoding: .utf8)
            try String(text.dropLast(40)).write(toFile: part, atomically: true, encoding: .utf8)
            #expect(try Program.mock.run(["replay", part]).output.hasPrefix("3 of 3 answers"))

            // The next recording leaves the part alone.
            let next = try MockServer(["--record", file])
            _ = try next.generate(lighthouse)
            #expect(try next.stop() == 0)
            #expect(try String(contentsOfFile: part, encoding: .utf8) == String(text.dropLast(40)))
            #expect(try Program.mock.run(["replay", file]).output.hasPrefix("1 of 1 answers"))
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["run.jsonl", "run.jsonl.part"])
        }
    }

    @Test(arguments: [SIGHUP, SIGTERM, SIGINT])
    func `a signal that ends a server leaves a whole recording and no part`(signal: Int32) throws {
        try withFolder { folder in
            let file = "\(folder)/run.jsonl"
            let server = try MockServer(["--record", file])
            _ = try server.generate(lighthouse)
            #expect(try server.stop(signal) == 0)
            let played = try Program.mock.run(["replay", file])
            #expect(played.status == 0 && played.errors == "" && played.output.hasPrefix("1 of 1 answers"))
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["run.jsonl"])
        }
    }

    @Test func `a recording goes where a link leads, and keeps the rights of the file that was there`() throws {
        try withFolder { folder in
            let (file, link) = ("\(folder)/run.jsonl", "\(folder)/link.jsonl")
            try "older\n".write(toFile: file, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: file)
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "run.jsonl")
            let server = try MockServer(["--record", link])
            #expect(try server.stop() == 0)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "run.jsonl")
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("{\"bundle\":"))
            let rights = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(rights == 0o640)
        }
    }

    @Test func `a recording makes the file that a link leads to, and replaces no link that leads nowhere`() throws {
        try withFolder { folder in
            let (file, link, loop) = ("\(folder)/run.jsonl", "\(folder)/link.jsonl", "\(folder)/loop")
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "run.jsonl")
            try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: "loop")
            let server = try MockServer(["--record", link])
            #expect(try server.stop() == 0)
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "run.jsonl")
            #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("{\"bundle\":"))
            let outcome = try Program.mock.run(["serve", "--port", "0", "--record", loop])
            #expect(
                outcome.status == 2 && outcome.errors.contains("Too many levels of symbolic links"), "\(outcome.errors)"
            )
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: loop) == "loop")
        }
    }

    @Test func `a pipe that nobody reads does not hold a command for ever`() throws {
        try withFolder { folder in
            let pipe = "\(folder)/pipe"
            #expect(try Program.bash.run(["-c", "mkfifo \"$1\"", "bash", pipe]).status == 0)
            for words in [
                ["exec", "--quiet", "--report", "json=\(pipe)", "--", "true"],
                ["exec", "--quiet", "--allow-idle", "--record", pipe, "--", "true"],
            ] {
                let outcome = try Program.mock.run(words)
                #expect(
                    outcome.status == 2 && outcome.errors.contains("nobody reads from this pipe"), "\(outcome.errors)")
            }
            let server = try MockServer(["--record", pipe])
            _ = try server.stop(SIGTERM)
            #expect(server.child.errorText.contains("nobody reads from this pipe"))
        }
    }

    @Test func `a folder is named as one`() throws {
        try withFolder { folder in
            let outcome = try Program.mock.run(["serve", "--port", "0", "--record", folder])
            #expect(outcome.status == 2)
            #expect(
                outcome.errors == "cliprise-mock: \(folder): the recording cannot be written: is a folder, not a file\n"
            )
        }
    }
}
