import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What is left when a server does not end in order.
@Suite(.ownThreads) struct LastWordsTests {
    @Test(arguments: [
        (SIGSEGV, "SIGSEGV"), (SIGQUIT, "SIGQUIT"), (SIGILL, "SIGILL"), (SIGABRT, "SIGABRT"), (SIGUSR1, "SIGUSR1"),
        (SIGUSR2, "SIGUSR2"), (SIGALRM, "SIGALRM"), (SIGXCPU, "SIGXCPU"), (SIGPROF, "SIGPROF"), (SIGPWR, "SIGPWR"),
    ])
    func `a signal from outside that ends a program ends the server at once with a last line`(
        number: Int32, name: String
    ) throws {
        let server = try MockServer(["--log-level", "error"])
        server.child.signal(number)
        #expect(try server.child.wait() == 128 + number)
        #expect(server.child.errorText == "cliprise-mock: ended by \(name)\n")
    }

    /// Sends a signal to one thread, as the kernel does when that thread goes wrong.
    private static let hurt = """
        import ctypes, os, signal, sys
        pid, number = int(sys.argv[1]), int(sys.argv[2])
        threads = sorted(int(name) for name in os.listdir(f"/proc/{pid}/task") if int(name) != pid)
        # tgkill, on x86_64 and on arm64
        call = {"x86_64": 234, "aarch64": 131}[os.uname().machine]
        ctypes.CDLL(None).syscall(call, pid, threads[-1], number)
        """

    @Test func `a fault on a thread of the listener leaves a last line and its exit code`() throws {
        let server = try MockServer(["--log-level", "error"])
        let pid = "\(server.child.processIdentifier)"
        #expect(try Program.python.run(["-c", Self.hurt, pid, "\(SIGILL)"]).status == 0)
        #expect(try server.child.wait() == 128 + SIGILL)
        #expect(server.child.errorText.hasPrefix("cliprise-mock: a fault of this program (SIGILL)"))
        #expect(server.child.errorText.split(separator: "\n").count == 1)
    }

    @Test func `a recording that may not grow any more is told, and the server goes on`() throws {
        try withFolder { folder in
            let line = "ulimit -f 8; exec \"$0\" serve --port 0 --record \"$1\" --log-level error"
            let child = try Child("bash", ["-c", line, Program.mock.path, "\(folder)/r.jsonl"])
            try child.wait(for: "the ready line") { child.output.contains(UInt8(ascii: "\n")) }
            let url = try #require(child.outputText.split(separator: "\"").first { $0.hasPrefix("http://") })
            let ask = """
                import sys, urllib.request, urllib.error
                for _ in range(200):
                    try: urllib.request.urlopen(sys.argv[1] + "/app/cliprise/status?taskId=x&apiKey=test-key").read()
                    except urllib.error.HTTPError as error: error.read()
                """
            #expect(try Program.python.run(["-c", ask, String(url)]).status == 0)
            child.signal(SIGTERM)
            #expect(try child.wait() != 128 + SIGXFSZ)
            #expect(child.errorText.contains("r.jsonl"), "\(child.errorText)")
        }
    }

    @Test func `a server whose last changes find no room in its state file does not end as if all were well`() throws {
        try withFolder { folder in
            let line = """
                ulimit -f 64; exec "$0" serve --port 0 --open --state "$1" --state-sync second --log-level error
                """
            let child = try Child("bash", ["-c", line, Program.mock.path, "\(folder)/state"])
            try child.wait(for: "the ready line") { child.output.contains(UInt8(ascii: "\n")) }
            let url = try #require(child.outputText.split(separator: "\"").first { $0.hasPrefix("http://") })
            let ask = """
                import json, sys, urllib.request
                for number in range(100):
                    body = json.dumps({"key": "account-%d" % number, "label": "x" * 200}).encode()
                    urllib.request.urlopen(sys.argv[1] + "/__admin/accounts", body).read()
                """
            #expect(try Program.python.run(["-c", ask, String(url)]).status == 0)
            child.signal(SIGTERM)
            #expect(try child.wait() == 3)
            #expect(child.errorText.contains("; what changed last is not in the file\n"), "\(child.errorText)")
        }
    }

    @Test func `a server whose terminal closes ends in order`() throws {
        let server = try MockServer()
        #expect(try server.stop(SIGHUP) == 0)
    }
}
