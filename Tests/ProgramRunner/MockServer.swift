internal import Foundation
internal import Glibc

/// A `cliprise-mock serve` on a free port.
package final class MockServer {
    package let child: Child
    /// The first line on standard output, parsed.
    package let ready: [String: String]
    package let port: UInt16

    /// - Parameter arguments: Follow `serve --port 0`.
    package init(_ arguments: [String] = [], environment: [String: String] = [:]) throws {
        child = try Child(Program.mock.path, ["serve", "--port", "0"] + arguments, environment: environment)
        try child.wait(for: "the ready line") { [child] in child.output.contains(UInt8(ascii: "\n")) }
        let line = Data(child.output.prefix { $0 != UInt8(ascii: "\n") })
        let fields = try JSONSerialization.jsonObject(with: line) as? [String: Any] ?? [:]
        ready = fields.mapValues { "\($0)" }
        port = UInt16(ready["url"]?.split(separator: ":").last ?? "") ?? 0
    }

    package var url: String { ready["url"] ?? "" }

    /// The greeting on standard error.
    package func banner() throws -> String {
        try child.wait(for: "the banner") { [child] in child.errorText.contains("Ctrl-C ends it.\n") }
        return child.errorText
    }

    /// Ends the server.
    ///
    /// - Returns: Its exit code.
    package func stop(_ signal: Int32 = SIGTERM) throws -> Int32 {
        child.signal(signal)
        return try child.wait()
    }

    /// What an account holds, as the admin API says it.
    package func account(_ key: String) throws -> [String: Any] {
        let reply = try admin("GET", "accounts/\(key)")
        return reply.fields
    }

    /// - Parameter path: Below `/__admin/`.
    package func admin(_ method: String, _ path: String, body: String = "") throws -> Reply {
        try exchange("\(method) /__admin/\(path) HTTP/1.1", port: port, host: "127.0.0.1", body: body)
    }

    /// Sends a body to generate.
    package func generate(_ body: String, key: String = "test-key", host: String = documentedHost) throws -> Reply {
        try exchange(
            "POST /app/cliprise/generate HTTP/1.1", port: port, host: host,
            fields: ["Authorization: Bearer \(key)", "Content-Type: application/json"], body: body)
    }

    package func status(
        _ task: String, key: String = "test-key", download: Bool = false, host: String = documentedHost
    ) throws -> Reply {
        let query = "apiKey=\(key)&taskId=\(task)" + (download ? "&download=true" : "")
        return try exchange("GET /app/cliprise/status?\(query) HTTP/1.1", port: port, host: host)
    }
}

package let documentedHost = "business.api.cliprise.app"

/// A small body that every edition accepts.
package let lighthouse = """
    {"model":"qwen-image-2","callBackUrl":"https://your-service.example.com/webhooks/cliprise",\
    "input":{"prompt":"A lighthouse","image_size":"16:9","output_format":"jpeg","seed":424242}}
    """
