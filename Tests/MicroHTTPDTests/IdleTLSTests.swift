import ClipriseLocks
import ClipriseWire
import Foundation
import MicroHTTPD
import ProgramRunner
import Testing

/// Connections that wait cost nothing: what counts is the processor time of the loop's thread, not time that passes.
@Suite(.enabled(if: Program.python.works("-c", "import ssl"), "python3 is not installed")) struct IdleTLSTests {
    /// Opens fifty connections of one kind, and prints the milliseconds that the loop worked within the next second.
    private static let client = """
        import socket, ssl, sys, time

        port, kind = int(sys.argv[1]), sys.argv[2]
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE

        def secure():
            return context.wrap_socket(socket.create_connection(("127.0.0.1", port)))

        def hello():
            # A whole first message, as the library would send it.
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            talk = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
            try:
                talk.do_handshake()
            except ssl.SSLWantReadError:
                return outgoing.read()

        def opened(kind):
            if kind in ("hello", "half a hello", "six bytes", "nothing"):
                plain = socket.create_connection(("127.0.0.1", port))
                data = hello()
                plain.sendall({"hello": data, "half a hello": data[:100], "six bytes": data[:6], "nothing": b""}[kind])
                return plain
            connection = secure()
            if kind != "idle":
                connection.sendall(
                    {"held": b"GET /hold HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n", "awaiting": b"GET /wait HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n",
                     "half a head": b"GET /hold HTT",
                     "half a body": b"POST /hold HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 10\\r\\n\\r\\nabc"}[kind])
            return connection

        def worked(connection):
            connection.sendall(b"GET /time HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
            answer = b""
            while b"!" not in answer:
                answer += connection.recv(4096)
            return int(answer.split(b"\\r\\n\\r\\n")[1][:-1])

        ask = secure()
        crowd = [opened(kind) for _ in range(50)]
        time.sleep(0.3)
        before = worked(ask)
        time.sleep(1)
        print((worked(ask) - before) // 1000000, len(crowd))
        """

    @Test(arguments: [
        "hello", "half a hello", "six bytes", "nothing", "idle", "held", "awaiting", "half a head", "half a body",
    ])
    func `fifty connections that wait do not keep the processor busy`(kind: String) throws {
        var configuration = ListenerConfiguration()
        configuration.tls = try #require(Identity.made).settings
        let listener = try Listener(configuration) { request, _ in
            switch String(decoding: request.target, as: UTF8.self) {
            case "/hold": return HoldTests.stream
            case "/wait": return nil
            default:
                var time = timespec()
                clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                return .text("\(time.tv_sec * 1_000_000_000 + time.tv_nsec)!")
            }
        }
        let port = try #require(listener.tlsPort)
        let run = try Program.python.run(["-c", Self.client, "\(port)", kind])
        let numbers = run.output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(numbers.count == 2 && numbers[1] == 50, "\(run.errors)")
        // A loop that spins takes all of the second.
        #expect(numbers[0] < 50, "the loop worked for \(numbers[0]) ms of a second")
    }
}
