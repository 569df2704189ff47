// Real connections. The only file that knows AsyncHTTPClient.

internal import AsyncHTTPClient
public import Foundation
public import HTTPTypes
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import Synchronization

/// Sends requests over HTTP/1.1 connections, plain or TLS.
public final class AsyncHTTPClientTransport: ClipriseTransport {
    private let client: HTTPClient
    private let base: String
    private let isShutDown = Atomic(false)

    /// - Parameters:
    ///   - baseURL: Where the requests go; its path is not used.
    ///   - pieceTimeout: The most time between two pieces of a body.
    public init(baseURL: URL, pieceTimeout: Duration = .seconds(30)) {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        configuration.httpVersion = .http1Only
        configuration.timeout.connect = .seconds(10)
        configuration.timeout.read = .nanoseconds(pieceTimeout.wholeNanoseconds)
        // The policy decides when to try again, not the pool.
        configuration.connectionPool.retryConnectionEstablishment = false
        // Below what servers keep connections: a generate on one that just ended would have an unknown fate.
        configuration.connectionPool.idleTimeout = .seconds(2)
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let host = baseURL.host ?? ""
        base =
            "\(baseURL.scheme ?? "http")://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host)"
            + (baseURL.port.map { ":\($0)" } ?? "")
    }

    deinit {
        if !isShutDown.exchange(true, ordering: .relaxed) { client.shutdown { _ in } }
    }

    /// Closes all connections.
    public func shutdown() async {
        if !isShutDown.exchange(true, ordering: .relaxed) { try? await client.shutdown() }
    }

    /// Sends a request; see `ClipriseTransport`.
    public func send(
        _ exchange: TransportExchange, receive: @escaping @Sendable (HTTPResponse, [UInt8]) async throws -> Void
    ) async throws {
        guard !exchange.isStreamed else { return try await perform(exchange, receive: receive) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.perform(exchange, receive: receive) }
            group.addTask {
                try await Task.sleep(for: exchange.timeout)
                // Time for the connection's own, more exact, reason to arrive first.
                try await Task.sleep(for: .milliseconds(100))
                throw TransportFailure.lost
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func perform(
        _ exchange: TransportExchange, receive: @escaping @Sendable (HTTPResponse, [UInt8]) async throws -> Void
    ) async throws {
        var request = HTTPClientRequest(url: base + (exchange.request.path ?? "/"))
        request.method = HTTPMethod(rawValue: exchange.request.method.rawValue)
        if let authority = exchange.request.authority { request.headers.add(name: "Host", value: authority) }
        for field in exchange.request.headerFields { request.headers.add(name: field.name.rawName, value: field.value) }
        let body = NotedBody(exchange.body)
        if !exchange.body.isEmpty { request.body = .stream(body, length: .known(Int64(exchange.body.count))) }
        do {
            let response = try await client.execute(
                request, timeout: .nanoseconds(max(1_000_000, exchange.timeout.wholeNanoseconds)))
            let head = HTTPResponse(
                status: .init(code: min(999, Int(response.status.code))), headerFields: Self.fields(response.headers))
            var isEmpty = true
            for try await piece in response.body {
                isEmpty = false
                try await receive(head, Array(piece.readableBytesView))
            }
            if isEmpty { try await receive(head, []) }
        } catch {
            throw Self.failure(error, mayHaveLeft: exchange.body.isEmpty || body.wasAsked)
        }
    }

    private static func fields(_ headers: HTTPHeaders) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }

    private static func failure(_ error: any Error, mayHaveLeft: Bool) -> any Error {
        switch error {
        case let error as HTTPClientError:
            if error == .cancelled, Task.isCancelled { return CancellationError() }
            let isEarly =
                error == .connectTimeout || error == .tlsHandshakeTimeout || error == .getConnectionFromPoolTimeout
            return isEarly || !mayHaveLeft ? TransportFailure.notSent : TransportFailure.lost
        case is NIOConnectionError: return TransportFailure.notSent
        case is CancellationError, is TransportFailure, is ReceiverError: return error
        default:
            return mayHaveLeft ? TransportFailure.lost : TransportFailure.notSent
        }
    }
}

/// A body that remembers whether anyone has asked for it: until then a server cannot have got the request.
private final class NotedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    private let bytes: [UInt8]
    private let asked = Atomic(false)

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var wasAsked: Bool { asked.load(ordering: .acquiring) }

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncIteratorProtocol {
        let body: NotedBody
        var isDone = false

        mutating func next() async throws -> ByteBuffer? {
            guard !isDone else { return nil }
            isDone = true
            body.asked.store(true, ordering: .releasing)
            return ByteBuffer(bytes: body.bytes)
        }
    }
}
