internal import ClipriseHTTP
package import ClipriseWire

/// Sends probes over real connections, each on a new one, so that no request leaves twice.
package final class CurlSender: Sender {
    private let loop = HTTPLoop()
    private let isSecure: Bool
    private let host: HTTPCall.Host
    private let port: UInt16
    private let timeout: TimeSpan

    /// The most bytes of an answer that are kept; a file is cut.
    private static let bodyLimit = 1 << 20

    /// - Parameters:
    ///   - host: A name in ASCII or an address, that of version 6 without brackets.
    ///   - timeout: The most time for one exchange.
    package init(isSecure: Bool, host: String, port: UInt16?, timeout: TimeSpan = .seconds(60)) {
        self.isSecure = isSecure
        self.host = HTTPCall.Host(host)
        self.port = port ?? (isSecure ? 443 : 80)
        self.timeout = timeout
    }

    deinit { loop.shutdown() }

    package func send(_ probe: Probe) throws(SendFailure) -> Observation {
        var call = HTTPCall(
            probe.method == .post ? .post : .get, scheme: isSecure ? .https : .http, host: host, port: port,
            target: probe.target, fields: probe.fields.map { HTTPField($0.name, $0.value) }, body: probe.body,
            limits: HTTPLimits(connect: min(timeout, .seconds(10)), total: timeout))
        // A mock on this machine has a certificate of its own making.
        let isHere: Bool =
            switch host {
            case .address(let address): address.isLoopback
            case .name(let name, _): name == "localhost"
            }
        call.triesInOrder = isHere
        call.acceptsAnyCertificateOnLoopback = isHere
        call.connection = .single
        let answer = WholeAnswer(BodyRoom(Self.bodyLimit))
        _ = loop.start(call, answer)
        let (head, body): (HTTPHead?, [UInt8])
        do throws(HTTPFailure) {
            (head, body, _) = try answer.wait()
        } catch {
            let isTimeout = if case .timedOut = error.kind { true } else { false }
            throw SendFailure(error.reason, isTimeout: isTimeout)
        }
        guard let head else { throw SendFailure("the server closed the connection without an answer") }
        return Observation(
            status: head.status, contentType: head.value(of: "content-type"), body: body,
            location: head.value(of: "location"))
    }
}
