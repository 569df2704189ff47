internal import ClipriseHTTP
internal import ClipriseLocks
package import ClipriseWire
internal import Dispatch

/// Sends probes over real connections, each on a new one, so that no request leaves twice.
package final class CurlSender: Sender {
    private let loop = HTTPLoop()
    private let isSecure: Bool
    private let host: HTTPCall.Host
    private let port: UInt16
    private let timeout: TimeSpan

    /// - Parameters:
    ///   - host: A name in ASCII or an address, that of version 6 without brackets.
    ///   - timeout: The most time for one exchange.
    package init(isSecure: Bool, host: String, port: UInt16?, timeout: TimeSpan = .seconds(60)) {
        self.isSecure = isSecure
        self.host =
            IPAddress(host).map { .address($0) } ?? .name(host, lookup: SharedLookup { try NameLookup.system(host) })
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
        let receiver = WholeAnswer()
        _ = loop.start(call, receiver)
        return try receiver.wait()
    }
}

/// Collects one answer of moderate size.
private final class WholeAnswer: HTTPReceiver {
    private struct State {
        var head: HTTPHead?
        var body: [UInt8] = []
        var end: HTTPEnd?
    }

    /// The most bytes that are kept; a file is cut.
    private static let limit = 1 << 20

    private let state = Locked(State())
    private let isOver = DispatchSemaphore(value: 0)

    func receive(_ head: HTTPHead) { state.withLock { $0.head = head } }

    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        state.withLock { state in
            state.body.append(contentsOf: piece.prefix(max(0, Self.limit - state.body.count)))
            return state.body.count < Self.limit ? .more : .stop
        }
    }

    func end(_ end: HTTPEnd) {
        state.withLock { $0.end = end }
        isOver.signal()
    }

    func wait() throws(SendFailure) -> Observation {
        isOver.wait()
        let (head, body, end) = state.withLock { ($0.head, $0.body, $0.end) }
        if case .failed(let failure)? = end {
            let isTimeout = if case .timedOut = failure.kind { true } else { false }
            throw SendFailure(failure.reason, isTimeout: isTimeout)
        }
        guard let head else { throw SendFailure("the server closed the connection without an answer") }
        func value(_ name: String) -> String? { head.fields.first { $0.name.lowercased() == name }?.value }
        return Observation(
            status: head.status, contentType: value("content-type"), body: body, location: value("location"))
    }
}
