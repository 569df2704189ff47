import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What is left when a server does not end in order.
@Suite(.ownThreads) struct LastWordsTests {
    @Test(arguments: [(SIGSEGV, "SIGSEGV"), (SIGQUIT, "SIGQUIT"), (SIGILL, "SIGILL"), (SIGABRT, "SIGABRT")])
    func `a fault signal from outside ends the server at once with a last line`(number: Int32, name: String) throws {
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

    @Test func `a server whose terminal closes ends in order`() throws {
        let server = try MockServer()
        #expect(try server.stop(SIGHUP) == 0)
    }
}
