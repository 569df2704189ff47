internal import CMicroHTTPDHooks
internal import ClipriseLocks
public import ClipriseWire
internal import Glibc

/// A running HTTP/1.1 listener: bytes to requests, plans to bytes.
///
/// Each loop has a thread of its own, which reads, calls the handler, sends and keeps the pauses of plans; a waiting
/// answer holds no thread. The listener stops when it is released, at the latest.
public final class Listener: Sendable {
    /// Decides the answer to one complete request, on a loop's thread: it must return quickly and never block.
    ///
    /// nil means that the answer comes later, from any thread, through the exchange.
    public typealias Handler = @Sendable (Request, ExchangeHandle) -> ResponsePlan?
    /// The same, for a handler that keeps what it reads in heads.
    public typealias ReadingHandler = @Sendable (Request, ExchangeHandle, inout HandlerMemory) -> ResponsePlan?
    /// Is told of every ended exchange, on a loop's thread.
    public typealias Observer = @Sendable (ExchangeEnd) -> Void

    /// Is told of every request that the listener refused itself, on a loop's thread.
    public typealias RefusalObserver = @Sendable (RefusedRequest) -> Void

    /// Decides whether a CONNECT is answered by the listener's own TLS, on a loop's thread; others go to the handler.
    public typealias TunnelHandler = @Sendable (Request) -> Bool

    /// Seconds since 1970, for the `Date` of answers that bring none; called on loops' threads for each answer.
    public typealias WallClock = @Sendable () -> Int64

    /// The port in use.
    public let port: UInt16
    /// The port in use for TLS; nil without TLS.
    public let tlsPort: UInt16?
    private let inboxes: [Inbox]
    private let secureInboxes: [Inbox]
    private let threads: Locked<[pthread_t]>

    /// Binds, and serves from then on, with a handler that looks at each request anew.
    ///
    /// - Throws: `ListenerError`, most often `portInUse`.
    public convenience init(
        _ configuration: ListenerConfiguration = ListenerConfiguration(),
        ended: Observer? = nil,
        refused: RefusalObserver? = nil,
        tunnel: TunnelHandler? = nil,
        wall: @escaping WallClock = { wallSeconds() },
        handler: @escaping Handler
    ) throws(ListenerError) {
        try self.init(
            configuration, ended: ended, refused: refused, tunnel: tunnel, wall: wall,
            reading: { request, exchange, _ in handler(request, exchange) })
    }

    /// Binds, and serves from then on.
    ///
    /// - Throws: `ListenerError`, most often `portInUse`.
    public init(
        _ configuration: ListenerConfiguration = ListenerConfiguration(),
        ended: Observer? = nil,
        refused: RefusalObserver? = nil,
        tunnel: TunnelHandler? = nil,
        wall: @escaping WallClock = { wallSeconds() },
        reading handler: @escaping ReadingHandler
    ) throws(ListenerError) {
        precondition(configuration.workers > 0, "a listener needs at least one loop")
        cmhd_free_evenly()
        var configuration = configuration
        if configuration.tls == nil {
            configuration.connectionLimit = try raiseFileLimit(toServe: configuration.connectionLimit)
        } else {
            // As many again with TLS.
            configuration.connectionLimit = try raiseFileLimit(toServe: 2 * configuration.connectionLimit) / 2
        }
        let sockets = try ListeningSockets.open(configuration)
        configuration.port = sockets.port
        port = sockets.port

        let set: (Inbox, [Int32], TLSSettings?, Tunnels?) throws(ListenerError) -> Loop = {
            [configuration] (inbox, sockets, tls, tunnels) throws(ListenerError) in
            try Loop(
                configuration, sockets: sockets, inbox: inbox, tls: tls, tunnels: tunnels, handler: handler,
                observer: ended, refusalObserver: refused, wall: wall)
        }
        var secure: [Loop] = []
        if let tls = configuration.tls {
            var other = configuration
            other.port = tls.port
            do {
                let sockets = try ListeningSockets.open(other)
                secure = try makeLoops(sockets) { (inbox, listening) throws(ListenerError) in
                    try set(inbox, listening, tls, nil)
                }
            } catch {
                sockets.close()
                throw error
            }
        }
        secureInboxes = secure.map(\.inbox)
        tlsPort = secureInboxes.first?.port
        let tunnels: Tunnels? =
            if let tunnel, !secure.isEmpty { Tunnels(accept: tunnel, inboxes: secureInboxes) } else { nil }
        let loops = try makeLoops(sockets) { (inbox, listening) throws(ListenerError) in
            try set(inbox, listening, nil, tunnels)
        }
        inboxes = (secure + loops).map(\.inbox)
        threads = Locked([])
        do {
            for loop in secure + loops {
                let thread = try startThread(running: loop)
                threads.withLock { $0.append(thread) }
            }
        } catch {
            stop()
            throw error
        }
    }

    /// Lets go of the code in memory that only the start needed.
    public static func giveBackCodeOfStart() { cmhd_give_back_code() }

    deinit {
        stop()
        // Still there only when the last reference went away on a loop's own thread.
        threads.withLock { threads in
            for thread in threads { pthread_detach(thread) }
        }
    }

    /// Presents another certificate to TLS connections that begin from now on; the port of the settings is not looked at.
    ///
    /// - Throws: `ListenerError.tlsIdentityUnusable` when it cannot be used, and the old one stays.
    public func present(_ settings: TLSSettings) throws(ListenerError) {
        let credentials = try Credentials(settings)
        for inbox in secureInboxes { inbox.post(credentials) }
    }

    /// Accepts no more, finishes what is under way for up to `drainTime`, and ends.
    ///
    /// Returns when all loops have ended; a second call waits for the first. From a loop's own thread it returns at
    /// once, and the loops end by themselves.
    public func stop() {
        for inbox in inboxes { inbox.requestStop() }
        // Asked before the lock is taken: a loop that waited for the lock could not be waited for.
        guard !inboxes.contains(where: \.isOnItsThread) else { return }
        threads.withLock { threads in
            for thread in threads { pthread_join(thread, nil) }
            threads = []
        }
    }
}

/// Makes a loop for each set of sockets; closes all of them when one cannot be made.
private func makeLoops(
    _ sockets: ListeningSockets, _ make: (Inbox, [Int32]) throws(ListenerError) -> Loop
) throws(ListenerError) -> [Loop] {
    var loops: [Loop] = []
    for listening in sockets.perLoop {
        do {
            loops.append(try make(try Inbox(port: sockets.port), listening))
        } catch {
            // Loops that came to be close their own sockets.
            for socket in sockets.perLoop[loops.count...].joined() { _ = close(socket) }
            throw error
        }
    }
    return loops
}

/// Starts a thread that owns the loop.
private func startThread(running loop: Loop) throws(ListenerError) -> pthread_t {
    do {
        return try OwnThread.start(of: loop) { $0.run() }
    } catch {
        throw .refused(call: "pthread_create", errno: error.code)
    }
}

/// Raises the limit on open files as far as needed and allowed.
///
/// - Returns: The number of connections there is room for, at most `connections`.
private func raiseFileLimit(toServe connections: Int) throws(ListenerError) -> Int {
    /// For everything in the program that is not a connection.
    let reserve: rlim_t = 256
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
        throw .refused(call: "getrlimit", errno: errno)
    }
    let wanted = rlim_t(connections) + reserve
    if limit.rlim_cur < wanted {
        limit.rlim_cur = min(wanted, limit.rlim_max)
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .refused(call: "setrlimit", errno: errno)
        }
    }
    guard limit.rlim_cur > reserve else { throw .tooFewFiles(limit: Int(limit.rlim_cur)) }
    return min(connections, Int(min(limit.rlim_cur, rlim_t(Int32.max)) - reserve))
}
