import Foundation
import ProgramRunner
import Testing

/// How a client comes to the server.
enum Way: String, Sendable, CaseIterable {
    /// By the URL that `exec` sets.
    case plain
    /// The same with TLS.
    case tls
    /// By the service's own URL in its code, without TLS.
    case fixedURL
    /// By the service's own URL in its code.
    case fixedSecureURL

    /// The options of `exec`.
    var options: [String] {
        switch self {
        case .plain: []
        case .tls: ["--tls"]
        case .fixedURL, .fixedSecureURL: ["--intercept"]
        }
    }

    /// What stands before the command.
    var prefix: [String] {
        switch self {
        case .plain, .tls: []
        case .fixedURL: ["env", "CLIPRISE_BASE_URL=http://business.api.cliprise.app"]
        case .fixedSecureURL: ["env", "CLIPRISE_BASE_URL=https://business.api.cliprise.app"]
        }
    }
}

/// Somebody else's client, which generates, polls through 300 and downloads.
struct Client: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// The command; the file to write follows.
    var command: [String]
    /// Whether it can run here.
    var isThere: @Sendable () -> Bool

    private static func script(_ name: String, in suite: String = "InteropTests") -> String {
        Repository.path("Tests/\(suite)/clients/\(name)")
    }

    private static func python(_ package: String) -> Client {
        Client(
            testDescription: "Python's \(package)",
            command: ["python3", script("python-\(package).py")],
            isThere: { Program.python.works("-c", "import \(package)") })
    }

    static let all = [
        Client(
            testDescription: "curl", command: ["bash", script("curl.sh")],
            isThere: { Program.curl.works("--version") }),
        python("urllib"), python("requests"), python("httpx"),
        // It reads no variables of a proxy unless its code asks for that; nor do those of Node before version 24.
        python("aiohttp"),
        Client(
            testDescription: "Node's fetch", command: ["node", script("node-fetch.mjs")],
            isThere: { Program.node.works("-e", "fetch") }),
        Client(
            testDescription: "Node's http", command: ["node", script("node-http.mjs")],
            isThere: { Program.node.works("--version") }),
        Client(
            testDescription: "Node's got", command: ["node", script("node-got.cjs", in: "ReachTests")],
            isThere: {
                Program.node.works(
                    "-e",
                    "process.env.NODE_PATH='/usr/share/nodejs';"
                        + "require('module').Module._initPaths();require('got')")
            }),
        Client(
            testDescription: "Go's net/http", command: ["go", "run", script("client.go", in: "ReachTests")],
            isThere: { Program(path: "go").works("version") }),
        Client(
            testDescription: "Java's HttpClient", command: ["java", script("Client.java", in: "ReachTests")],
            isThere: { Program(path: "javac").works("-version") }),
        Client(
            testDescription: "Ruby's Net::HTTP", command: ["ruby", script("client.rb", in: "ReachTests")],
            isThere: { Program(path: "ruby").works("--version") }),
    ]

    static let visits = all.flatMap { client in Way.allCases.map { Visit(client: client, way: $0) } }
}

/// A client on one way.
struct Visit: Sendable, CustomTestStringConvertible {
    var client: Client
    var way: Way

    var testDescription: String { "\(client.testDescription): \(way.rawValue)" }
}
