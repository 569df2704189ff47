import Foundation
import ProgramRunner
import Testing

@Suite struct HuntTests {
    /// One job: generate, poll until the end, fetch the file.
    ///
    /// What a proxy answers in the place of a generate is sent
    /// again, three times in all, if `resends`.
    static func client(resends: Bool) -> String {
        """
        import http.client, json, os, sys, time, urllib.request, urllib.error
        base, key = os.environ["CLIPRISE_BASE_URL"], os.environ["CLIPRISE_API_KEY"]
        def call(url, data=None):
            request = urllib.request.Request(base + url, data=data, headers={"Authorization": "Bearer " + key,
                "Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=20) as answer: return answer.status, answer.read()
            except urllib.error.HTTPError as error: return error.code, error.read()
            except (OSError, http.client.HTTPException): return 0, b""
        body = json.dumps({"model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/hook", "input": {
            "prompt": "A lighthouse", "image_size": "1:1", "output_format": "png", "seed": 12345}}).encode()
        for attempt in range(\(resends ? 3 : 1)):
            status, text = call("/app/cliprise/generate", body)
            if status != 504: break
        try: task = json.loads(text)
        except ValueError: sys.exit(1)
        if status != 200 or not task: sys.exit(1)
        task = (task[0] if isinstance(task, list) else task).get("taskId")
        if not task: sys.exit(1)
        url = "/app/cliprise/status?apiKey=" + key + "&taskId=" + task
        for poll in range(20):
            status, text = call(url)
            if status == 200 and b"success" in text: break
            time.sleep(0.01)
        for attempt in range(20):
            status, text = call(url + "&download=true")
            if status == 200 and text.endswith(b"IEND\\xaeB`\\x82"): break
            time.sleep(0.01)
        """
    }

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"))
    func `a command that resends after a proxy's timeout is found, and the scenario shows it`() throws {
        try withFolder { folder in
            let script = "\(folder)/client.py"
            try Self.client(resends: true).write(toFile: script, atomically: true, encoding: .utf8)
            let outcome = try Program.mock.run(
                ["exec", "--hunt", "12", "--report", "junit=\(folder)/found.xml", "--", "python3", script])
            #expect(outcome.status == 1, "\(outcome.errors)")
            // One fault is enough: the first answer is lost behind the proxy, and the second job is paid as well.
            #expect(outcome.output.contains(" became 1; 12 credits are lost."), "\(outcome.output)")
            #expect(outcome.output.contains("504"))
            #expect(try String(contentsOfFile: "\(folder)/found.xml", encoding: .utf8).contains("<failure"))
            let found = "\(folder)/found.yaml"
            try outcome.output.write(toFile: found, atomically: true, encoding: .utf8)
            let again = try Program.mock.run(["exec", "--scenario", found, "--", "python3", script])
            #expect(again.status == 1)
            #expect(again.errors.contains("12 of 24 credits bought nothing"), "\(again.errors)")
        }
    }

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"))
    func `a command that does not resend is found nothing on`() throws {
        try withFolder { folder in
            let script = "\(folder)/client.py"
            try Self.client(resends: false).write(toFile: script, atomically: true, encoding: .utf8)
            let outcome = try Program.mock.run(["exec", "--hunt", "12", "--", "python3", script])
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.hasPrefix("Nothing found: 12 schedules, "))
        }
    }

    /// With `HUNT_FOR=10m` in the environment it hunts for ten minutes; here for some seconds.
    @Test(arguments: [true, false])
    func `nothing is found on the reference client, whether it writes a file or a stream`(isFile: Bool) throws {
        try withFolder { folder in
            let budget = ProcessInfo.processInfo.environment["HUNT_FOR"] ?? "24"
            let job = [
                "run", "--quiet", "--model", "qwen-image-2", "--prompt", "A pier", "--set", "image_size=1:1", "--set",
                "output_format=png", "--set", "seed=12345", "--callback-url", "https://hooks.example.com/done",
                "--output", isFile ? "\(folder)/pier.png" : "-",
            ]
            let outcome = try Program.mock.run(
                ["exec", "--hunt", budget, "--virtual-time", "--", Program.cliprise.path] + job, limit: 900)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains("Nothing found: "))
        }
    }

    @Test func `a fleet is hunted, and what is found ends with 1`() throws {
        let arguments = ["simulate", "quiet-day", "--clients", "2", "--hunt", "32", "--policy"]
        let naive = try Program.mock.run(arguments + ["naive"])
        #expect(naive.status == 1, "\(naive.errors)")
        #expect(naive.output.contains("\nschema: cliprise-mock/v1\nname: \"quiet-day-hunted\"\n"))
        let careful = try Program.mock.run(arguments + ["full-jitter"])
        #expect(careful.status == 0, "\(careful.output)")
        #expect(careful.output.hasPrefix("Nothing found: 32 schedules, "))
    }

    @Test(arguments: [["shrink", "storm"], ["exec", "--hunt", "5m"]], [SIGINT, SIGTERM, SIGHUP])
    func `a signal ends a search, its command too, and leaves no file`(search: [String], signal: Int32) throws {
        try withFolder { folder in
            let pipe = "\(folder)/pipe"
            mkfifo(pipe, 0o600)
            let command = ["--", "sh", "-c", "echo $$ > '\(pipe)'; exec sleep 60"]
            let child = try Child(Program.mock.path, search + command, environment: ["TMPDIR": folder])
            let line = try #require(try FileHandle(forReadingAtPath: pipe)?.readToEnd())
            let process = try #require(pid_t(String(decoding: line.dropLast(), as: UTF8.self)))
            child.signal(signal)
            #expect(try child.wait() == 128 + signal)
            #expect(kill(process, 0) == -1)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["pipe"])
        }
    }

    static let mistakes: [([String], String)] = [
        (["simulate", "quiet-day", "--hunt", "soon"], "a length of time, such as 5m, or a number of rounds"),
        (["simulate", "quiet-day", "--hunt", "0"], "a length of time, such as 5m, or a number of rounds"),
        (["simulate", "quiet-day", "--hunt", "1", "--json"], "--hunt prints the scenario that it finds"),
        (["simulate", "quiet-day", "--hunt", "1", "--clients", "101"], "1 to 100"),
        (["simulate", "quiet-day", "--report", "junit=x.xml"], "--report shows one run: give --policy once"),
        (["exec", "--hunt", "1", "--scenario", "storm", "--scenario", "quiet-day", "--", "true"], "--scenario once"),
    ]

    @Test(arguments: mistakes)
    func `a mistake is named, with exit code 2`(arguments: [String], message: String) throws {
        let outcome = try Program.mock.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }
}
