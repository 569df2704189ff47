import Foundation
import ProgramRunner
import RawSocket
import Testing

/// Waits of all kinds, without a request.
@Suite(.ownThreads) struct WaitTests {
    @Test func `every timed wait of glibc takes as long as it says, on every clock`() throws {
        try withFolder { folder in
            let options = ["-O2", "-D_FORTIFY_SOURCE=2", "-pthread"]
            let compilers = ["cc", "gcc", "clang"].map { [$0] + options }
            guard let program = try compiled("waits.c", to: "\(folder)/waits", by: compilers) else { return }
            let outcome = try Run([program]).outcome
            #expect(outcome.status == 0, "\(outcome.errors)")
            let lines = outcome.output.split(separator: "\n").map { $0.split(separator: " ") }
            #expect(lines.count == 40)
            for line in lines {
                try #require(line.count == 5)
                #expect(line[1] == "0", "\(line[0]) ended otherwise than it should")
                for seconds in line[2...] {
                    #expect((20...20.2).contains(Double(seconds) ?? 0), "\(line[0]) took \(seconds) s")
                }
            }
        }
    }

    /// Lines of Python, and how many seconds they take.
    static let programs: [(text: String, seconds: Double)] = [
        ("async def f(): await asyncio.gather(*[asyncio.sleep(60) for i in range(5)])\nasyncio.run(f())", 60),
        (
            "ts = [threading.Thread(target=time.sleep, args=(60,)) for i in range(5)]; [t.start() for t in ts]; "
                + "[t.join() for t in ts]",
            60
        ),
        ("threading.Event().wait(60)", 60),
        ("e = threading.Event(); threading.Timer(30, e.set).start(); assert e.wait(600)", 30),
        ("l = threading.Lock(); l.acquire(); l.acquire(timeout=40)", 40),
        ("subprocess.run(['sleep', '45'])", 45),
        ("subprocess.run(['sh', '-c', 'sleep 20; sleep 5'], env={'PATH': os.environ['PATH']})", 25),
        ("subprocess.run(['env', '-i', 'sleep', '25'])", 25),
        ("p = os.fork() or (time.sleep(33), os._exit(0)); os.waitpid(p, 0)", 33),
        ("p = os.fork(); (time.sleep(20), os._exit(0)) if p == 0 else (time.sleep(30), os.waitpid(p, 0))", 30),
        ("os.spawnvp(os.P_WAIT, 'sleep', ['sleep', '15'])", 15),
        (
            "signal.signal(signal.SIGALRM, lambda *a: None); signal.setitimer(signal.ITIMER_REAL, 2.5, 10); "
                + "signal.pause(); signal.pause()",
            12.5
        ),
        (
            "r, w = os.pipe(); threading.Thread(target=lambda: (time.sleep(20), os.write(w, b'x'))).start(); "
                + "select.select([r], [], [], 600)",
            20
        ),
        (
            "x = [1]; "
                + "threading.Thread(target=lambda: [time.sleep(0.01) for i in iter(lambda: bool(x), False)]).start(); "
                + "time.sleep(1200); x.clear()",
            1200
        ),
        // The server's thread looks around every half second.
        (
            "s = http.server.HTTPServer(('127.0.0.1', 0), None); "
                + "threading.Thread(target=s.serve_forever, daemon=True).start(); time.sleep(1200)",
            1200
        ),
        (
            "q = queue.Queue(); threading.Thread(target=lambda: (time.sleep(70), q.put(1))).start(); "
                + "q.get(timeout=100)",
            70
        ),
        ("c = threading.Condition(); c.acquire(); c.wait(50)", 50),
        (
            "concurrent.futures.ThreadPoolExecutor().submit(time.sleep, 22).result(timeout=90)",
            22
        ),
    ]

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"), arguments: programs)
    func `threads, children and signals share the time`(text: String, seconds: Double) throws {
        let script = """
            import asyncio, concurrent.futures, http.server, os, queue, select, signal, subprocess, threading, time
            a, b = time.monotonic(), time.time()
            \(text)
            print(time.monotonic() - a, time.time() - b)
            """
        let outcome = try Run(["python3", "-c", script]).outcome
        #expect(outcome.status == 0, "\(outcome.errors)")
        let times = outcome.output.split { " \n".contains($0) }.compactMap { Double($0) }
        #expect(times.count == 2)
        // What a program computes takes its own time, more of it on a machine that is busy.
        for time in times { #expect((seconds...seconds * 1.01 + 5).contains(time)) }
    }

    @Test(.enabled(if: Program.python.works("--version"), "python3 is not installed"))
    func `an answer of somebody else is waited for really`() throws {
        // Answers after a third of a second, far later than a clock that is quiet is moved.
        let server = """
            import socket, sys, time
            s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True)
            while True:
                c = s.accept()[0]
                while c.recv(99): time.sleep(0.33); c.send(b"y")
            """
        let stranger = try Child("python3", ["-c", server])
        try stranger.wait(for: "its port") { stranger.output.contains(UInt8(ascii: "\n")) }
        let client = """
            import socket, sys, threading, time
            threading.Thread(target=time.sleep, args=(60,)).start()
            c = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
            for i in range(3): c.send(b"x"); assert c.recv(1) == b"y"
            print(time.monotonic())
            """
        let port = stranger.outputText.trimmingCharacters(in: .newlines)
        let run = try Run(["python3", "-c", client, port])
        #expect(run.outcome.status == 0, "\(run.outcome.errors)")
    }

    @Test func `a client without a pause of its own is judged by what it did`() throws {
        let hasty = try Run(
            ["python3", Run.client("python-urllib.py")],
            scenario: "clock: {mode: virtual, tick_per_poll: 10s}\ntasks:\n  - {life: {polls: 30}}", pause: 0)
        #expect(hasty.waits.count == 29)
        // Not the steps of 10 s that the scenario's own clock would have made.
        #expect(hasty.waits.allSatisfy { (0..<1).contains($0) }, "\(hasty.waits)")
        #expect(hasty.outcome.errors.contains("Between polls"))
        #expect(!hasty.outcome.errors.contains("on a virtual clock"))
    }
}
