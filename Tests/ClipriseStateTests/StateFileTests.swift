import Foundation
import ProgramRunner
import Testing

/// `serve --state FILE`, as its users meet it.
@Suite struct StateFileTests {
    /// 20 rounds of kill -9, in parts that run side by side.
    static let rounds: [(way: String, rounds: Int, seed: Int)] = [
        ("kill", 5, 1), ("kill", 5, 2), ("kill", 5, 3), ("kill", 5, 4), ("term", 4, 5), ("torn", 4, 6), ("full", 1, 7),
    ]

    @Test(arguments: rounds)
    func `whatever a client was told is there after the server was killed`(
        way: String, rounds: Int, seed: Int
    ) throws {
        let script = Repository.path("Tests/ClipriseStateTests/kill-rounds")
        let outcome = try Program.python.run(
            [script, Program.mock.path, "--rounds", "\(rounds)", "--way", way, "--seed", "\(seed)"])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test func `the same seed goes on the same way after a kill`() throws {
        try withFolder { folder in
            let whole = try MockServer(["--seed", "9"])
            let wanted = try (0..<4).map { _ in try whole.generate(lighthouse).text }
            _ = try whole.stop()
            var got: [String] = []
            for _ in 0..<2 {
                let part = try MockServer(["--seed", "9", "--state", "\(folder)/state"])
                got += try (0..<2).map { _ in try part.generate(lighthouse).text }
                _ = try part.stop(SIGKILL)
            }
            #expect(got == wanted)
        }
    }

    @Test func `a scenario that was given by hand survives with the counters of its rules`() throws {
        let scenario = """
            {"scenario":{"schema":"cliprise-mock/v1","name":"by-hand","rules":[{"name":"two","when":\
            {"operation":"generate"},"plan":["pass",{"status":503},"pass",{"status":502}]}]}}
            """
        try withFolder { folder in
            var statuses: [Int] = []
            for round in 0..<4 {
                let server = try MockServer(["--state", "\(folder)/state"])
                if round == 0 {
                    let reply = try server.admin("PUT", "accounts/test-key/scenario", body: scenario)
                    #expect(reply.status == 200, "\(reply.text)")
                }
                statuses.append(try server.generate(lighthouse).status)
                _ = try server.stop(SIGKILL)
            }
            #expect(statuses == [200, 503, 200, 502])
        }
    }

    @Test func `a second server on the same file is refused, and told who has it`() throws {
        try withFolder { folder in
            let first = try MockServer(["--state", "\(folder)/state"])
            let second = try Program.mock.run(["serve", "--port", "0", "--state", "\(folder)/state"])
            #expect(second.status == 3)
            #expect(second.errors.contains("is in use by process \(first.child.processIdentifier)"), "\(second.errors)")
            _ = try first.stop()
            #expect(try Program.mock.run(["state", "check", "\(folder)/state"]).status == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["state"])
        }
    }

    /// What stands in place of a state file, as Python makes it, and what is said of it.
    static let strangers: [(make: String, says: String)] = [
        ("os.mkdir(p)", "is a folder, not a file"),
        ("open(p, 'w').write('keys: [a, b]' * 100)", "is no state file of cliprise-mock"),
        ("sql(p, 'create table t (x)')", "is no state file of cliprise-mock"),
        ("copy(); sql(p, 'pragma user_version = 2')", "has version 2 of the state file, and"),
        ("copy(); f = open(p, 'r+b'); f.seek(4096); f.write(b'x' * 8192)", "is damaged"),
        ("copy(); os.truncate(p, 5000)", "is damaged"),
        ("copy(); sql(p, 'delete from task where id & 0xffffffff = 1')", ": task 2 is missing)"),
        ("copy(); sql(p, 'update account set captured = captured + 1')", "does not come to the sums"),
        ("copy(); sql(p, 'update ledger set data = substr(data, 1, 20)')", "is damaged"),
        ("copy(); sql(p, \"update account set head = '{}'\")", "is damaged"),
        ("os.mkfifo(p)", "is no regular file"),
        ("", "cannot be written"),
    ]

    static let tools = """
        import os, shutil, sqlite3, sys
        s, p = sys.argv[1:]
        def copy(): shutil.copy(s, p)
        def sql(p, text):
            c = sqlite3.connect(p)
            c.execute(text)
            c.commit()
            c.close()

        """

    @Test(arguments: strangers)
    func `what is no sound state file gets its own line and exit code 3`(make: String, says: String) throws {
        try withFolder { folder in
            let sound = try MockServer(["--state", "\(folder)/sound", "--time-scale", "0"])
            for _ in 0..<3 { _ = try sound.generate(lighthouse) }
            _ = try sound.stop()
            let path = make.isEmpty ? "\(folder)/none/state" : "\(folder)/state"
            let made = try Program.python.run(["-c", Self.tools + make, "\(folder)/sound", path])
            #expect(made.status == 0, "\(made.errors)")
            let outcome = try Program.mock.run(["serve", "--port", "0", "--state", path])
            #expect(outcome.status == 3)
            #expect(outcome.errors.contains("\(path): ") && outcome.errors.contains(says), "\(outcome.errors)")
        }
    }

    @Test func `a file goes out as a snapshot and comes back the same`() throws {
        try withFolder { folder in
            let server = try MockServer(["--state", "\(folder)/state", "--account", "a=500", "--account", "b=70"])
            for _ in 0..<3 { _ = try server.generate(lighthouse, key: "a") }
            for key in ["a", "b"] { _ = try server.admin("POST", "accounts/\(key)/clock", body: #"{"freeze":true}"#) }
            let snapshot = try server.admin("POST", "snapshot").text
            _ = try server.stop()
            let out = try Program.mock.run(["state", "export", "\(folder)/state"])
            #expect(out.output == snapshot)
            try out.output.write(toFile: "\(folder)/snapshot.json", atomically: true, encoding: .utf8)
            let back = try Program.mock.run(["state", "import", "\(folder)/snapshot.json", "\(folder)/other"])
            #expect(back.status == 0, "\(back.errors)")
            #expect(try Program.mock.run(["state", "export", "\(folder)/other"]).output == snapshot)
            let again = try Program.mock.run(["state", "import", "\(folder)/snapshot.json", "\(folder)/other"])
            #expect(again.status == 3 && again.errors.contains("has 2 accounts already"), "\(again.errors)")
            let check = try Program.mock.run(["state", "check", "\(folder)/other"])
            #expect(check.status == 0 && check.output.contains("tasks       3 (3 processing)"), "\(check.output)")
        }
    }

    @Test func `an account that was removed, reset or restored stays so`() throws {
        try withFolder { folder in
            let first = try MockServer(["--state", "\(folder)/state", "--account", "a=500", "--account", "b=70"])
            _ = try first.generate(lighthouse, key: "a")
            _ = try first.admin("POST", "accounts", body: #"{"key":"made","credits":7,"label":"mine"}"#)
            let removed = try first.admin("DELETE", "accounts/b")
            let reset = try first.admin("POST", "reset?scope=tasks&account=a")
            #expect((removed.status, reset.status) == (200, 200))
            _ = try first.stop(SIGKILL)
            let second = try MockServer(["--state", "\(folder)/state", "--account", "c=9"])
            let names = try second.admin("GET", "accounts").text
            #expect(names.contains("\"label\":\"mine\"") && names.contains("\"total\":3"), "\(names)")
            #expect(try second.account("a")["available"] as? Int == 500)
            let restored = try second.admin("POST", "restore", body: try second.admin("POST", "snapshot").text)
            #expect(restored.status == 200, "\(restored.text)")
            _ = try second.stop(SIGKILL)
            let third = try MockServer(["--state", "\(folder)/state", "--account", "a=500"])
            #expect(try third.account("made")["available"] as? Int == 7)
            _ = try third.stop()
        }
    }

    @Test func `state and record do not go together`() throws {
        let outcome = try Program.mock.run(["serve", "--state", "x", "--record", "y"])
        #expect(outcome.status == 2 && outcome.errors.contains("leave out --state"), "\(outcome.errors)")
    }
}
