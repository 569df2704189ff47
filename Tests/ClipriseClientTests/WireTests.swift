import ClipriseClient
import ClipriseLocks
import Foundation
import ProgramRunner
import RawSocket
import Testing

/// What the client's own connections do and leave undone.
@Suite(.ownThreads) struct WireTests {
    static let accepted = #"[{"code":200,"taskId":"f11021d5b56bc19932b336ac0dbf413f"}]"#

    @Test func `a generate never takes a connection that was used before`() async throws {
        // Answers the first request of each connection, and lets the connection die at the second.
        let seen = Locked<[String]>([])
        let server = try ConnectionServer { connection in
            var count = 0
            while let request = connection.request() {
                count += 1
                seen.withLock { $0.append("\(request.prefix { $0 != " " }) \(count)") }
                if count > 1 { return }
                connection.answer(request.hasPrefix("POST") ? Self.accepted : #"{"status":"success"}"#)
            }
        }
        let one = try wireClient("http://127.0.0.1:\(server.port)")
        _ = try await one.status(of: taskID)
        _ = try await one.generate(anyRequest)
        _ = try await one.generate(anyRequest)
        await one.shutdown()
        #expect(seen.withLock { $0 } == ["GET 1", "POST 1", "POST 1"])
    }

    @Test func `a generate whose new connection dies was sent once`() async throws {
        let count = Locked(0)
        let server = try ConnectionServer { connection in
            if connection.request() != nil { count.withLock { $0 += 1 } }
        }
        let one = try wireClient("http://127.0.0.1:\(server.port)")
        let error = await #expect(throws: ClipriseError.self) { try await one.generate(anyRequest) }
        #expect(error?.kind == .outcomeUnknown(UnknownOutcome(reason: .connectionLost, sends: 1)))
        #expect(count.withLock { $0 } == 1)
        await one.shutdown()
    }

    @Test func `polls use a connection again`() async {
        // In a process of its own: a connection that others hold up for two seconds is not used again.
        await #expect(processExitsWith: .success) {
            let connections = Locked(0)
            let server = try ConnectionServer { connection in
                connections.withLock { $0 += 1 }
                while connection.request() != nil { connection.answer(#"{"status":"success"}"#) }
            }
            let one = try wireClient("http://127.0.0.1:\(server.port)")
            for _ in 0..<3 { _ = try await one.status(of: taskID) }
            let count = connections.withLock { $0 }
            precondition(count == 1, "\(count) connections")
        }
    }

    @Test func `a large body is sent at once, without asking for leave`() async throws {
        let heads = Locked<[String]>([])
        let server = try ConnectionServer { connection in
            guard let request = connection.request() else { return }
            heads.withLock { $0.append(String(request.prefix(2_000))) }
            connection.answer(Self.accepted)
        }
        let one = try wireClient("http://127.0.0.1:\(server.port)")
        let body = #"{"model":"z-image","input":{"prompt":""# + String(repeating: "x", count: 4 << 20) + #""}}"#
        _ = try await one.generate(GenerateRequest(rawJSON: Array(body.utf8)))
        let head = try #require(heads.withLock { $0.first }).lowercased()
        #expect(head.contains("content-length: \(body.utf8.count)\r\n"))
        for name in ["expect", "transfer-encoding", "accept", "accept-encoding", "user-agent", "connection", "cookie"] {
            #expect(!head.contains("\r\n\(name):"), "\(name)")
        }
        await one.shutdown()
    }

    @Test func `an address of version 6 is a base URL like any other`() async throws {
        let server = try ConnectionServer(isIPv6: true) { connection in
            if connection.request() != nil { connection.answer(Self.accepted) }
        }
        let one = try wireClient("http://[::1]:\(server.port)")
        #expect(try await one.generate(anyRequest).task == taskID)
        await one.shutdown()
    }

    @Test func `a proxy in the environment is not used`() throws {
        let proxied = Locked(0)
        let proxy = try ConnectionServer { _ in proxied.withLock { $0 += 1 } }
        let server = try ConnectionServer { connection in
            if connection.request() != nil { connection.answer(Self.accepted) }
        }
        var environment = [
            "CLIPRISE_API_KEY": "k", "CLIPRISE_BASE_URL": "http://127.0.0.1:\(server.port)", "no_proxy": "",
            "NO_PROXY": "",
        ]
        for name in ["http_proxy", "https_proxy", "all_proxy"] {
            environment[name] = "http://127.0.0.1:\(proxy.port)"
            environment[name.uppercased()] = "http://127.0.0.1:\(proxy.port)"
        }
        let outcome = try Program.cliprise.run(
            ["generate", "--file", "-", "-q"], environment: environment, input: lighthouse)
        #expect(outcome.output == "\(taskID)\n" && outcome.status == 0, "\(outcome.errors)")
        #expect(proxied.withLock { $0 } == 0)
    }

    @Test func `1,000 downloads at once each bring the whole file`() async throws {
        let body = String(repeating: "0123456789", count: 5_000)
        let server = try ConnectionServer { connection in
            while connection.request() != nil { connection.answer(body) }
        }
        let one = try wireClient("http://127.0.0.1:\(server.port)")
        let whole = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    let bytes = Locked<[UInt8]>([])
                    _ = try await one.download(taskID) { piece in bytes.withLock { $0 += piece } }
                    return bytes.withLock { $0 } == Array(body.utf8)
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(whole == 1_000)
        await one.shutdown()
    }
}

/// A client with its own connections and little patience for retries.
func wireClient(
    _ baseURL: String, deadline: Duration = .seconds(600), requestTimeout: Duration = .seconds(30)
) throws -> ClipriseClient {
    let policy = RetryPolicy(
        name: "wire", base: .milliseconds(10), cap: .milliseconds(50), maxAttempts: 3, deadline: deadline,
        requestTimeout: requestTimeout)
    return ClipriseClient(
        try ClientConfiguration(key: try #require(APIKey("k")), baseURL: baseURL, policy: policy, mockOnly: true))
}
