public import ClipriseWire

/// How a listener listens, and what it puts up with.
public struct ListenerConfiguration: Sendable, Hashable {
    /// An IPv4 or IPv6 address, or `localhost`.
    ///
    /// `127.0.0.1` and `localhost` serve `[::1]` on the same port too where the machine has it, since many clients try
    /// that address of `localhost` first. `::` serves all addresses of both families.
    public var host = "127.0.0.1"
    /// The port to bind; 0 lets the system choose.
    public var port: UInt16 = 0
    /// Serves TLS on a second port; nil for none.
    public var tls: TLSSettings?
    /// Loops, each with a thread of its own; positive.
    ///
    /// TLS has as many again. More than one pays only with free cores to run them.
    public var workers = 1
    /// The most bytes of a request body; a longer one is answered with 413.
    public var bodyLimit = 1 << 20
    /// Paths with rules of their own; of those that fit the first counts.
    public var areas: [Area] = []
    /// Bytes of memory for each connection, positive: the request line with all fields must fit, else 431 or 414.
    ///
    /// libmicrohttpd clears this memory at every request, so more of it costs time. With 8 KiB one field may have 7,800
    /// bytes, as much as most servers take.
    public var headerMemory = 8 << 10
    /// The most connections open at once, in all loops together; further ones wait in the system's queue.
    ///
    /// The limit on open files is raised for it as far as the system allows; if that is not far enough, fewer are taken.
    public var connectionLimit = 12_000
    /// The most connections from one address, per loop; 0 for no limit, since all clients of a mock share the loopback.
    public var connectionsPerAddress = 0
    /// How long a connection may be silent, waiting for a request or for the client to read; whole seconds count.
    public var idleTimeout = TimeSpan.seconds(60)
    /// How long the head and the body of one request may take together.
    public var headTimeout = TimeSpan.seconds(30)
    /// How long an exchange may take from its first pause on, before it is ended with a FIN.
    ///
    /// Each hold and each release begins this time anew: an answer that is fed lives on.
    public var longestWait = TimeSpan.seconds(600)
    /// The most bytes of a growing answer that wait for a client that reads slowly; each step counts 64 more.
    public var backlogLimit = 4 << 20
    /// How long `stop` waits for the exchanges that are under way.
    public var drainTime = TimeSpan.milliseconds(1_500)

    public init() {}

    /// A path and all below it, where refusals are problems in JSON (RFC 9457).
    public struct Area: Sendable, Hashable {
        public var path: String
        /// The most bytes of a body from an address of the loopback, where that is more than elsewhere.
        public var loopbackBodyLimit: Int

        public init(_ path: String, loopbackBodyLimit: Int = 0) {
            self.path = path
            self.loopbackBodyLimit = loopbackBodyLimit
        }
    }

    /// - Parameter target: Undecoded, in origin form; another form is in no area.
    func area(of target: [UInt8]) -> Area? {
        areas.first { area in
            guard target.starts(with: area.path.utf8) else { return false }
            let rest = target.dropFirst(area.path.utf8.count).first
            return rest == nil || rest == UInt8(ascii: "/") || rest == UInt8(ascii: "?")
        }
    }
}
