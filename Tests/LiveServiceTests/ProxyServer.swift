import Foundation
import ProgramRunner

/// A `cliprise-mock proxy` on a free port.
final class ProxyServer {
    let child: Child
    let port: UInt16

    /// - Parameter arguments: Follow `proxy --port 0 --upstream URL`.
    init(_ upstream: String, _ arguments: [String] = []) throws {
        child = try Child(Program.mock.path, ["proxy", "--port", "0", "--upstream", upstream] + arguments)
        try child.wait(for: "the ready line") { [child] in child.output.contains(UInt8(ascii: "\n")) }
        let line = Data(child.output.prefix { $0 != UInt8(ascii: "\n") })
        let fields = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
        port = UInt16((fields["url"] as? String)?.split(separator: ":").last ?? "") ?? 0
    }

    /// Ends it, and returns what it said on standard error.
    func stop(_ signal: Int32 = SIGTERM) throws -> String {
        child.signal(signal)
        _ = try child.wait()
        return child.errorText
    }
}

/// A client of a server, be it a mock or a proxy before one.
struct PlainClient {
    var port: UInt16
    var key = "test-key"
    var host = documentedHost

    func generate(_ body: String, key: String? = nil) throws -> Reply {
        try exchange(
            "POST /app/cliprise/generate HTTP/1.1", port: port, host: host,
            fields: ["Authorization: Bearer \(key ?? self.key)", "Content-Type: application/json"], body: body)
    }

    func status(_ task: String, file: Bool = false, key: String? = nil) throws -> Reply {
        let query = "apiKey=\(key ?? self.key)&taskId=\(task)" + (file ? "&download=true" : "")
        return try exchange("GET /app/cliprise/status?\(query) HTTP/1.1", port: port, host: host)
    }
}

/// A body of `qwen-image-2`, which costs 12 credits.
func picture(_ prompt: String = "A lighthouse", size: String = "16:9") -> String {
    """
    {"model":"qwen-image-2","callBackUrl":"https://your-service.example.com/webhooks/cliprise?token=s3cr3t",\
    "input":{"prompt":"\(prompt)","image_size":"\(size)","output_format":"jpeg","seed":424242}}
    """
}
