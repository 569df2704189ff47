// The transport of the article "Your own transport", as it stands there. Compiled and run with
// `swift test --traits AsyncHTTPClient`; without the trait its packages are not even fetched.

#if AsyncHTTPClient
    import AsyncHTTPClient
    import ClipriseClient
    import NIOCore
    import NIOHTTP1
    import NIOPosix

    struct AsyncHTTPClientTransport: ClipriseTransport {
        /// Shared with the rest of the program, which also shuts it down.
        ///
        /// Its configuration must say `redirectConfiguration = .disallow` and
        /// `connectionPool.retryConnectionEstablishment = false`; its `timeout.read` is the most time between two pieces.
        let client: HTTPClient
        /// Such as `http://127.0.0.1:8080`.
        let base: String

        func send(
            _ exchange: TransportExchange, receive: @escaping @Sendable (ResponseHead, [UInt8]) async throws -> Void
        ) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await carry(exchange, receive) }
                if let limit = exchange.isStreamed ? exchange.deadline : exchange.timeout {
                    group.addTask {
                        try await Task.sleep(for: limit)
                        throw TransportFailure.lost
                    }
                }
                try await group.next()
            }
        }

        private func carry(
            _ exchange: TransportExchange, _ receive: @Sendable (ResponseHead, [UInt8]) async throws -> Void
        ) async throws {
            var request = HTTPClientRequest(url: base + exchange.request.path)
            request.method = .RAW(value: exchange.request.method.rawValue)
            request.headers.add(name: "Host", value: exchange.request.authority)
            for field in exchange.request.fields { request.headers.add(name: field.name, value: field.value) }
            if !exchange.body.isEmpty { request.body = .bytes(exchange.body) }
            do {
                let milliseconds = Int64(exchange.timeout / .milliseconds(1))
                let response = try await client.execute(request, timeout: .milliseconds(max(1, milliseconds)))
                let fields = response.headers.map { MessageFields.Field(name: $0.name, value: $0.value) }
                let head = ResponseHead(status: Int(response.status.code), fields: MessageFields(fields))
                try await receive(head, [])
                for try await piece in response.body { try await receive(head, Array(piece.readableBytesView)) }
            } catch let error as HTTPClientError {
                if error == .cancelled, Task.isCancelled { throw CancellationError() }
                throw error == .connectTimeout ? TransportFailure.notSent : .lost
            } catch is NIOConnectionError {
                throw TransportFailure.notSent
            }
        }

        func shutdown() async {}
    }
#endif
