// A receiver that speaks TLS, with a certificate that nobody vouches for: a child process, of another make than ours.

import Foundation
import ProgramRunner
import Testing

final class TLSReceiver {
    let port: UInt16
    private let folder: String
    private let child: Child

    struct Seen: Sendable, Equatable {
        /// The names that TLS asked for; "" where it asked for none.
        var names: [String] = []
        var requests: [String] = []
    }

    /// - Parameter name: What the certificate is for.
    init(name: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "cliprise-tls-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let pem = try Child(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-keyout", "/dev/stdout",
            ])
        try pem.wait()
        try Data(pem.output).write(to: URL(fileURLWithPath: "\(folder)/pem"))
        let child = try Child("python3", ["-c", Self.server, "\(folder)/pem", "\(folder)/log", Sample.ok])
        try child.wait(for: "the port") { child.output.last == UInt8(ascii: "\n") }
        port = try #require(UInt16(child.outputText.dropLast()))
        self.child = child
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// What was noted so far; a request is noted before it is answered.
    var all: Seen {
        var seen = Seen()
        let log = (try? Data(contentsOf: URL(fileURLWithPath: "\(folder)/log"))) ?? Data()
        for line in log.split(separator: UInt8(ascii: "\n")) {
            guard let entry = (try? JSONSerialization.jsonObject(with: line)) as? [String: String] else { continue }
            if let name = entry["name"] { seen.names.append(name) }
            if let request = entry["request"] { seen.requests.append(request) }
        }
        return seen
    }

    private static let server = """
        import json, socket, ssl, sys
        log = open(sys.argv[2], "a")
        def note(**entry):
            log.write(json.dumps(entry) + "\\n")
            log.flush()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
        context.sni_callback = lambda connection, name, _: note(name=name or "")
        listener = socket.create_server(("127.0.0.1", 0))
        print(listener.getsockname()[1], flush=True)
        while True:
            plain, _ = listener.accept()
            try:
                with context.wrap_socket(plain, server_side=True) as connection:
                    text = b""
                    while b"\\r\\n\\r\\n" not in text:
                        piece = connection.recv(65536)
                        if not piece:
                            raise OSError("the client left")
                        text += piece
                    note(request=text.decode())
                    connection.sendall(sys.argv[3].encode())
            except OSError:
                pass
        """
}
