// What is asked of the HTTP client, and what its errors mean.
//
// A name is looked up once, by us, and checked; the client is then given addresses only. If it looked a name up itself,
// a second answer could lead elsewhere.

internal import AsyncHTTPClient
internal import ClipriseWire
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

enum CallbackConnection {
    /// How long connecting to one address may take; with a name of several addresses the next one is tried then.
    static let connectLimit = TimeAmount.seconds(5)

    static let originalURLField = "X-Cliprise-Callback-Url"

    /// - Parameter pins: Names that may stand in URLs, with the addresses to connect to in their place.
    static func client(settings: CallbackSettings, pins: [String: String] = [:]) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow, timeout: .init(connect: connectLimit), decompression: .disabled)
        configuration.httpVersion = .http1Only
        configuration.dnsOverride = pins
        // Connections are used again under load only: many receivers close theirs after 5 s, and a delivery must not
        // meet a connection that is just being closed.
        configuration.connectionPool = .init(
            idleTimeout: .seconds(1), concurrentHTTP1ConnectionsPerHostSoftLimit: settings.concurrentLimit)
        // An attempt that cannot connect has failed; trying again is up to the schedule.
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup), configuration: configuration)
    }

    /// Whether the request to `target` needs a client of its own, because TLS has to be told the name.
    static func needsPin(_ target: CallbackTarget) -> Bool {
        if case .name = target.host { return target.scheme == .https }
        return false
    }

    /// - Throws: `CallbackFailure.connection` when the client reads another host in the URL than we do.
    static func request(
        for delivery: CallbackDelivery, to target: CallbackTarget, at address: IPAddress, settings: CallbackSettings
    ) throws -> HTTPClient.Request {
        let host = needsPin(target) ? "\(target.host)" : address.inURL
        var headers: HTTPHeaders = [
            "Host": target.authority, "Content-Type": "application/json", "User-Agent": "cliprise-mock",
        ]
        if let signature = delivery.signature {
            headers.add(name: CallbackSignature.timestampField, value: signature.timestamp)
            headers.add(name: CallbackSignature.signatureField, value: signature.signature)
        }
        if settings.destination != nil {
            let original = CallbackTarget.escaped(delivery.url[...])
            headers.add(name: originalURLField, value: String(decoding: original, as: UTF8.self))
        }
        var tls = TLSConfiguration.makeClientConfiguration()
        if settings.acceptsAnyCertificateOnLoopback, address.isLoopback { tls.certificateVerification = .none }
        let request = try HTTPClient.Request(
            url: "\(target.scheme)://\(host):\(target.port)\(target.pathAndQuery)", method: .POST, headers: headers,
            body: .bytes(delivery.body), tlsConfiguration: target.scheme == .https ? tls : nil)
        // Were the client to read the URL in another way, it would not find the pin and look the name up itself.
        guard request.host == host || "[\(request.host)]" == host else {
            throw CallbackFailure.connection("the URL's host reads in two ways")
        }
        return request
    }

    /// Whether no connection was made, so that nothing was sent and another address may be tried.
    static func isConnectFailure(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError:
            [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT, ETIMEDOUT].contains(error.errnoCode)
        case ChannelError.connectTimeout: true
        case let error as HTTPClientError: error == .connectTimeout
        default: false
        }
    }

    /// What an error of the client means; short, and without anything of the URL.
    static func failure(_ error: any Error) -> CallbackFailure {
        switch error {
        case let failure as CallbackFailure: failure
        case let error as IOError: .connection(String(cString: strerror(error.errnoCode)))
        case ChannelError.connectTimeout:
            .connection("no connection within \(connectLimit.nanoseconds / 1_000_000_000) s")
        case let error as HTTPClientError: .connection(error.shortDescription)
        case let error as NIOSSLError: .connection(String("TLS: \(error)".prefix(200)))
        case let error as BoringSSLError: .connection(String("TLS: \(error)".prefix(200)))
        case let error as HTTPParserError: .connection("the answer is not HTTP: \(error.debugDescription)")
        default: .connection(String("\(type(of: error))".prefix(100)))
        }
    }
}
