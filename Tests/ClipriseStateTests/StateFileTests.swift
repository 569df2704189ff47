import Foundation
import ProgramRunner
import Testing

/// `serve --state FILE`, as its users meet it.
@Suite struct StateFileTests {
    /// 20 rounds of kill -9, in parts that run side by side.
    static let rounds: [(way: String, rounds: Int, seed: Int)] = [
        ("kill", 5, 1), ("kill", 5, 2), ("kill", 5, 3), ("kill", 5, 4), ("term", 4, 5), ("torn", 4, 6), ("full", 1, 7),
        ("disk", 1, 8), ("keep", 4, 9), ("journal", 5, 10),
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

    @Test(arguments: ["state", "state-wal"])
    func `a file that is moved away takes no new work until it is back`(name: String) throws {
        try withFolder { folder in
            let server = try MockServer(["--state", "\(folder)/state"])
            #expect(try server.generate(lighthouse).status == 200)
            try FileManager.default.moveItem(atPath: "\(folder)/\(name)", toPath: "\(folder)/away")
            #expect(try server.generate(lighthouse).status == 503)
            #expect(try server.admin("POST", "accounts", body: #"{"key":"b"}"#).status == 503)
            try FileManager.default.moveItem(atPath: "\(folder)/away", toPath: "\(folder)/\(name)")
            while try server.generate(lighthouse).status == 503 {}
            _ = try server.stop(SIGKILL)
            #expect(server.child.errorText.contains("/\(name) was moved, replaced or deleted; put it back"))
            // What was refused late is saved as well.
            let check = try Program.mock.run(["state", "check", "\(folder)/state"])
            #expect(check.output.contains("tasks       3 ("), "\(check.output)\(check.errors)")
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
        (
            "copy(); sql(p, 'pragma user_version = 5')",
            "has version 5 of the state file, and this program knows up to version 4"
        ),
        ("copy(); f = open(p, 'r+b'); f.seek(4096); f.write(b'x' * 8192)", "is damaged"),
        ("copy(); os.truncate(p, 5000)", "is damaged"),
        ("copy(); sql(p, 'delete from task where id & 0xffffffff = 1')", ": task 2 is missing)"),
        ("copy(); sql(p, 'update account set captured = captured + 1')", "does not come to the sums"),
        ("copy(); sql(p, 'update ledger set data = substr(data, 1, 20)')", "is damaged"),
        ("copy(); sql(p, \"update account set head = '{}'\")", "is damaged"),
        ("copy(); sql(p, 'update account set tasks = -1')", "no account has so many tasks"),
        ("copy(); sql(p, 'update account set tasks = -9223372036854775808')", "no account has so many tasks"),
        ("copy(); sql(p, 'update account set tasks = 9223372036854775807')", "no account has so many tasks"),
        ("copy(); sql(p, 'update account set entries = -1')", "does not come to the sums"),
        ("copy(); sql(p, 'update body set count = 9223372036854775807')", "a body was sent once or more"),
        ("copy(); sql(p, 'update body set count = 0')", "a body was sent once or more"),
        (
            "copy(); sql(p, \"update meta set value = 9223372036854775807 where name = 'made'\")",
            "its accounts are none"
        ),
        ("copy(); sql(p, \"update meta set value = -1 where name = 'made'\")", "its accounts are none"),
        ("copy(); sql(p, 'update account set place = 9223372036854775807')", "its accounts are none"),
        ("copy(); sql(p, 'update account set id = -9223372036854775808')", "its accounts are none"),
        ("copy(); sql(p, 'update account set id = 2147483648')", "its accounts are none"),
        ("os.mkfifo(p)", "is no regular file"),
        ("", "cannot be written"),
        ("os.symlink('gone', p)", "cannot be written: it is a link that leads to no file; name the file itself"),
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

    @Test func `a count of chosen keys at its end goes on`() throws {
        try withFolder { folder in
            let path = "\(folder)/state"
            _ = try MockServer(["--state", path]).stop()
            let change = "sql(p, \"insert or replace into meta values ('chosen', -1)\")"
            #expect(try Program.python.run(["-c", Self.tools + change, "", path]).status == 0)
            let server = try MockServer(["--state", path])
            for _ in 0..<2 {
                let made = try exchange(
                    "POST /__admin/accounts HTTP/1.1", port: server.port, host: "127.0.0.1",
                    fields: ["Content-Type: application/json"], body: "{}")
                #expect(made.status == 201)
            }
            #expect(try server.stop() == 0)
        }
    }

    /// What happens to a file that a killed server left, as Python does it, and what is said of it.
    static let losses: [(make: String, says: String)] = [
        ("os.remove(p + '-wal')", "-wal is missing, and with it what was saved last"),
        ("os.truncate(p + '-wal', 0)", "-wal is missing, and with it what was saved last"),
        ("f = open(p + '-wal', 'r+b'); f.seek(8); f.write(b'x')", "-wal is damaged, and with it what was saved last"),
        ("open(p + '-wal', 'wb').write(b'x')", "-wal is damaged, and with it what was saved last"),
        ("os.remove(p)", "is not there, but its log"), ("os.truncate(p, 0)", "is empty, but its log"),
        ("shutil.copy(p, p + '2'); os.rename(p + '2', p); os.rename(p + '-wal', p + '2-wal')", "-wal is missing"),
    ]

    @Test(arguments: losses)
    func `a file whose log was lost is refused, and nothing is begun anew`(make: String, says: String) throws {
        try withFolder { folder in
            let path = "\(folder)/a state?#%41"
            let server = try MockServer(["--state", path])
            for _ in 0..<3 { _ = try server.generate(lighthouse) }
            _ = try server.stop(SIGKILL)
            let made = try Program.python.run(["-c", Self.tools + make, "", path])
            #expect(made.status == 0, "\(made.errors)")
            for words in [
                ["state", "check", path], ["serve", "--port", "0", "--state", path], ["state", "export", path],
            ] {
                let outcome = try Program.mock.run(words)
                // Commands want a file, and say that there is none.
                let isWanted = words[0] == "state" && make == "os.remove(p)"
                #expect(outcome.status == 3)
                #expect(outcome.errors.contains(isWanted ? "no such file" : says), "\(outcome.errors)")
            }
        }
    }

    @Test func `a link to a state file stands for the file`() throws {
        try withFolder { folder in
            try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "state")
            let first = try MockServer(["--state", "\(folder)/state"])
            let second = try Program.mock.run(["serve", "--port", "0", "--state", "\(folder)/link"])
            #expect(second.status == 3)
            #expect(second.errors.contains("is in use by process \(first.child.processIdentifier)"), "\(second.errors)")
            _ = try first.generate(lighthouse)
            _ = try first.stop(SIGKILL)
            let check = try Program.mock.run(["state", "check", "\(folder)/link"])
            #expect(check.output.contains("tasks       1 "), "\(check.output)\(check.errors)")
        }
    }

    @Test func `a file of an earlier version opens, and is of this one then`() throws {
        try withFolder { folder in
            let path = "\(folder)/state"
            let first = try MockServer(["--state", path])
            _ = try first.generate(lighthouse)
            _ = try first.stop(SIGKILL)
            // What is in it was the same in version 1.
            let back = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('pragma user_version = 1')"
            #expect(try Program.python.run(["-c", back, path]).status == 0)
            #expect(try Program.mock.run(["state", "check", path]).status == 0)
            let second = try MockServer(["--state", path])
            let tasks = try second.account("test-key")["tasks"] as? [String: Any]
            #expect(tasks?["total"] as? Int == 1)
            _ = try second.stop()
            let show =
                "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('pragma user_version').fetchone())"
            #expect(try Program.python.run(["-c", show, path]).output == "(4,)\n")
        }
    }

    @Test func `a server that keeps few tasks leaves few in the file, and the money of all`() throws {
        try withFolder { folder in
            let path = "\(folder)/state"
            let server = try MockServer(["--state", path, "--keep-tasks", "3", "--time-scale", "0"])
            for _ in 0..<40 { _ = try server.generate(lighthouse) }
            let before = try server.account("test-key")
            _ = try server.stop()
            let look = """
                import sqlite3, sys
                c = sqlite3.connect(sys.argv[1])
                print(c.execute('select count(*), min(id) & 4294967295 from task').fetchone())
                print(c.execute('select count(*) < 10 from ledger').fetchone())
                """
            #expect(try Program.python.run(["-c", look, path]).output == "(3, 37)\n(1,)\n")
            let check = try Program.mock.run(["state", "check", path])
            #expect(check.output.contains("tasks       40 (0 processing)"), "\(check.output)\(check.errors)")
            let again = try MockServer(["--state", path])
            let after = try again.account("test-key")
            for name in ["available", "captured", "held", "paidIn"] {
                #expect(after[name] as? Int == before[name] as? Int, "\(name)")
            }
            #expect((after["tasks"] as? [String: Any])?["dropped"] as? Int == 37)
            _ = try again.stop()
            // What is missing is told, as for any other task.
            let damage =
                "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('delete from task where id & 65535 = 38'); c.commit()"
            #expect(try Program.python.run(["-c", damage, path]).status == 0)
            let damaged = try Program.mock.run(["state", "check", path])
            #expect(damaged.status == 3 && damaged.errors.contains("task 39 is missing"), "\(damaged.errors)")
        }
    }

    static let unkept = ["0", "-1", "x", "10y", "0d", "366d", "1000000001", "9999999999999999999999", "12h x"]

    @Test(arguments: unkept)
    func `a wrong number of tasks to keep is refused with what can be written`(value: String) throws {
        let outcome = try Program.mock.run(["serve", "--port", "0", "--keep-tasks=\(value)"])
        #expect(outcome.status == 2 && outcome.errors.contains("12h or 30d"), "\(outcome.errors)")
        let recorded = try Program.mock.run(["serve", "--keep-tasks", "5", "--record", "y"])
        #expect(recorded.status == 2 && recorded.errors.contains("leave out --keep-tasks"), "\(recorded.errors)")
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

    @Test func `a snapshot that could never have been is bad input, and leaves no file`() throws {
        try withFolder { folder in
            let server = try MockServer(["--account", "a=500"])
            _ = try server.generate(lighthouse, key: "a")
            let snapshot = try server.admin("POST", "snapshot").text
            _ = try server.stop()
            for (sound, broken, words) in [
                (#""kind":"hold","task":0,"#, #""kind":"hold","task":7,"#, "ledger entry 1 was never possible"),
                (#""scenario":{"name":"""#, #""scenario":{"name":"gone""#, "name its file with --scenario"),
            ] {
                let text = snapshot.replacing(sound, with: broken)
                #expect(text != snapshot, "\(snapshot)")
                try text.write(toFile: "\(folder)/snapshot.json", atomically: true, encoding: .utf8)
                let outcome = try Program.mock.run(["state", "import", "\(folder)/snapshot.json", "\(folder)/state"])
                #expect(outcome.status == 2)
                let place = "cliprise-mock: \(folder)/snapshot.json: cannot be restored: account "
                #expect(outcome.errors.hasPrefix(place) && outcome.errors.contains(words), "\(outcome.errors)")
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["snapshot.json"])
            }
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

    @Test(arguments: ["--state", "--record"])
    func `a name of a file that is empty is refused`(option: String) throws {
        let outcome = try Program.mock.run(["serve", "--port", "0", option, ""])
        #expect(outcome.status == 2 && outcome.errors.contains("wants the name of a file"), "\(outcome.errors)")
    }

    @Test func `state and record do not go together`() throws {
        let outcome = try Program.mock.run(["serve", "--state", "x", "--record", "y"])
        #expect(outcome.status == 2 && outcome.errors.contains("leave out --state"), "\(outcome.errors)")
    }
}
