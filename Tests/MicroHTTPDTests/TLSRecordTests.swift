import ClipriseWire
import MicroHTTPD
import ProgramRunner
import RawSocket
import Testing

/// How answers are cut into records of TLS: each costs both sides time, and a packet of its own.
@Suite(.ownThreads, .enabled(if: Program.python.works("-c", "import ssl"), "python3 is not installed"))
struct TLSRecordTests {
    /// Speaks TLS over memory, and counts the records (RFC 8446 §5.1) between a request and the end of its answer.
    private static let counter = """
        import socket, ssl, sys

        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        secure = context.wrap_bio(incoming, outgoing)
        plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)

        def step(call):
            global raw
            while True:
                try:
                    return call()
                except ssl.SSLWantReadError:
                    plain.sendall(outgoing.read())
                    piece = plain.recv(65536)
                    assert piece, "the connection ended"
                    raw += piece
                    incoming.write(piece)

        raw = b""
        step(secure.do_handshake)
        for target in sys.argv[2].split(","):
            raw = b""
            secure.write(f"GET {target} HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n".encode())
            answer = b""
            while b"\\r\\n\\r\\n" not in answer:
                answer += step(lambda: secure.read(65536))
            head, _, body = answer.partition(b"\\r\\n\\r\\n")
            length = next((int(line[15:]) for line in head.split(b"\\r\\n") if line.startswith(b"Content-Length:")), -1)
            while length >= 0 and len(body) < length:
                body += step(lambda: secure.read(65536))
            count = 0
            while len(raw) >= 5:
                count += 1
                raw = raw[5 + int.from_bytes(raw[3:5], "big"):]
            print(target, len(body), count)
        """

    @Test func `head and body are one record, and a head whose body comes later does not wait for it`() throws {
        let large = String(repeating: "x", count: 40_000)
        let served = try Served.secure([
            "/small": .text("hello"), "/empty": ResponsePlan(status: 400), "/large": .text(large),
            "/sized": .steps(5, .send("hello")), "/later": .steps(nil, .send(""), .pause(.seconds(600)), .send("x")),
        ])
        let port = try #require(served.listener.tlsPort)
        let targets = "/small,/small,/empty,/sized,/large,/small,/later"
        let run = try Program.python.run(["-c", Self.counter, "\(port)", targets])
        // A record has 16,384 bytes at most, and the head is in the first.
        let wanted = """
            /small 5 1
            /small 5 1
            /empty 0 1
            /sized 5 1
            /large 40000 3
            /small 5 1
            /later 0 1

            """
        #expect(run.output == wanted, "\(run.errors)")
    }

    @Test func `requests are read whether their records come together, or byte by byte`() throws {
        let served = try Served.secure(["/a": .text("one"), "/b": .text("two"), "/c": .text("three")])
        let port = try #require(served.listener.tlsPort)
        let script = """
            import socket, ssl, sys
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
            secure = context.wrap_bio(incoming, outgoing)
            plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

            def step(call):
                while True:
                    try:
                        return call()
                    except ssl.SSLWantReadError:
                        plain.sendall(outgoing.read())
                        piece = plain.recv(65536)
                        assert piece, "the connection ended"
                        incoming.write(piece)

            step(secure.do_handshake)
            for size in (1 << 16, 1, 7, 5):
                # A record for each, one behind the other.
                for target in "abc":
                    secure.write(f"GET /{target} HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n".encode())
                data = outgoing.read()
                for start in range(0, len(data), size):
                    plain.sendall(data[start:start + size])
                answer = b""
                while not answer.endswith(b"three"):
                    answer += step(lambda: secure.read(65536))
                print(answer.count(b"HTTP/1.1 200"), [word in answer for word in (b"one", b"two", b"three")])
            """
        let run = try Program.python.run(["-c", script, "\(port)"])
        #expect(run.output == String(repeating: "3 [True, True, True]\n", count: 4), "\(run.errors)")
    }

    @Test func `the framing of a chunked body is looked at under TLS as without`() throws {
        let served = try Served.secure(["/": .text("ok"), "/smuggled": .text("no")])
        let port = try #require(served.listener.tlsPort)
        let script = #"""
            import socket, ssl, sys
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            smuggled = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
            for body in (b"3;a\nabc\r\n0\r\n\r\n", b"3\r\nabc\r\n0\r\nA: b\r\n: 1\r\n\r\n", b"fffffffff\r\n"):
                for pieces in ([head + body + smuggled], [head, body + smuggled]):
                    plain = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=20)
                    secure = context.wrap_socket(plain)
                    for piece in pieces:
                        secure.sendall(piece)
                    answer = b""
                    while piece := secure.recv(65536):
                        answer += piece
                    print(answer.count(b"HTTP/1.1 "), answer[9:12].decode())
            """#
        let run = try Program.python.run(["-c", script, "\(port)"])
        #expect(run.output == "1 400\n1 400\n1 400\n1 400\n1 413\n1 413\n", "\(run.errors)")
        #expect(served.requests.isEmpty)
    }

    @Test func `a hundred clients at once have each its own answer`() throws {
        let plans = Dictionary(uniqueKeysWithValues: (0..<100).map { ("/\($0)", ResponsePlan.text("answer \($0)")) })
        let served = try Served.secure(plans)
        let port = try #require(served.listener.tlsPort)
        let script = """
            import socket, ssl, sys, threading
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            wrong = []

            def talk(number):
                with context.wrap_socket(socket.create_connection(("127.0.0.1", int(sys.argv[1])))) as secure:
                    file = secure.makefile("rb")
                    for _ in range(20):
                        secure.sendall(f"GET /{number} HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n".encode())
                        length = 0
                        while (line := file.readline()) != b"\\r\\n":
                            if line.startswith(b"Content-Length:"):
                                length = int(line[15:])
                        if file.read(length) != f"answer {number}".encode():
                            wrong.append(number)

            threads = [threading.Thread(target=talk, args=(number,)) for number in range(100)]
            [thread.start() for thread in threads]
            [thread.join() for thread in threads]
            print(wrong)
            """
        let run = try Program.python.run(["-c", script, "\(port)"])
        #expect(run.output == "[]\n", "\(run.errors)")
    }
}
