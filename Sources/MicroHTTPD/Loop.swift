// One event loop: a thread of ours runs one libmicrohttpd daemon from outside. Its epoll descriptor is polled
// together with one of our own, which reports new connections, answers from other threads and the wish to stop.
//
// libmicrohttpd's own epoll thread would do it too, but stalls when exactly 128 events are ready at once.

internal import CClipriseCrash
internal import CMicroHTTPD
internal import CMicroHTTPDHooks
internal import CVirtualTime
internal import ClipriseLocks
internal import ClipriseWire
internal import Glibc

/// Everything that one loop's thread uses.
///
/// Made on another thread, then used by its own only.
final class Loop {
    let configuration: ListenerConfiguration
    let handler: Listener.ReadingHandler
    let observer: Listener.Observer?
    let refusalObserver: Listener.RefusalObserver?
    /// Where the `Date` of answers comes from that bring none.
    let wall: Listener.WallClock
    let inbox: Inbox
    /// Set when this loop serves TLS.
    let tls: TLSSettings?
    /// For a loop without TLS: who takes a CONNECT, and which loops serve it then.
    let tunnels: Tunnels?
    /// Where unfinished handshakes wait for bytes; -1 without TLS.
    let handshakeEvents: Int32
    let slots = SlotTable()
    let responses = ResponseTable()
    let spares = Spares()
    var dateField = DateField()
    let connectionLimit: Int
    /// Whether the library is of the version whose memory layout `HeadScan` knows.
    let headsAreInOnePiece = cmhd_is_0_9_75() != 0
    private let daemon: OpaquePointer
    /// Lives as long as the daemon.
    private let identity: IdentityText?
    private let daemonEvents: Int32
    /// Our own epoll set: the inbox and the listening sockets.
    private let ownEvents: Int32
    private var listening: [Int32]
    private var isAccepting = true
    /// When accepting is tried again, after the system had no more descriptors or the limit was reached.
    private var acceptAgain: Int64 = .max
    /// When it may be told again that clients wait; nanoseconds.
    private var fullToldAgain: Int64 = 0
    /// The peer of the connection that is being handed over.
    var isNewPeerLoopback = false
    /// The CONNECT that the connection which is being handed over lies in.
    var newOrigin: ExchangeHandle?

    /// The current time, as of the last return from waiting; nanoseconds.
    var now: Int64 = 0
    private var yields = YieldPolicy()
    /// What the handler keeps for all connections.
    var shared: AnyObject?
    /// The head that was kept last.
    var latestHead: KnownHead?
    /// When waiting connections are due, and when the others must be looked at.
    var deadlines = DeadlineHeap()
    var lingering = LingeringSockets()
    /// Connections whose chunked body is under way, by socket.
    var followed: [Int32: SlotPointer] = [:]
    /// Where large memory is given back.
    let disposal = QuietThread()
    /// Request lines that came in, ever.
    var requestCount = 0
    /// Exchanges that are under way.
    var activeCount = 0
    /// When draining ends; nil while the loop is not to stop.
    private(set) var drainDeadline: Int64?
    /// Set at the very end: nothing may be suspended any more.
    private(set) var isEnding = false

    /// Takes over the sockets, unless it throws.
    init(
        _ configuration: ListenerConfiguration, sockets: [Int32], inbox: Inbox, tls: TLSSettings?, tunnels: Tunnels?,
        handler: @escaping Listener.ReadingHandler, observer: Listener.Observer?,
        refusalObserver: Listener.RefusalObserver?, wall: @escaping Listener.WallClock
    ) throws(ListenerError) {
        self.tls = tls
        self.tunnels = tunnels
        self.configuration = configuration
        self.inbox = inbox
        self.handler = handler
        self.observer = observer
        self.refusalObserver = refusalObserver
        self.wall = wall
        connectionLimit = (configuration.connectionLimit + configuration.workers - 1) / configuration.workers
        ownEvents = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard ownEvents >= 0 else { throw .refused(call: "epoll_create1", errno: errno) }
        handshakeEvents = tls == nil ? -1 : epoll_create1(Int32(EPOLL_CLOEXEC))
        guard tls == nil || handshakeEvents >= 0 else {
            let number = errno
            close(ownEvents)
            throw .refused(call: "epoll_create1", errno: number)
        }

        // The callbacks must get this very object, which is not finished yet: so they get a box.
        let context = UnsafeMutablePointer<Unmanaged<Loop>?>.allocate(capacity: 1)
        context.initialize(to: nil)
        self.context = context
        let identity = tls.map(IdentityText.init)
        guard let daemon = startDaemon(configuration, connectionLimit, identity, context: context) else {
            let number = errno
            close(ownEvents)
            if handshakeEvents >= 0 { close(handshakeEvents) }
            context.deallocate()
            // All else that can fail has its own error number.
            if tls != nil { throw cmhd_has_tls() == 0 ? .tlsNotSupported : .tlsIdentityUnusable }
            throw .refused(call: "MHD_start_daemon", errno: number)
        }
        self.daemon = daemon
        self.identity = identity
        daemonEvents = cmhd_epoll_fd(daemon)
        listening = sockets
        context.pointee = Unmanaged.passUnretained(self)
        watch(inbox.wake, for: EPOLLIN.rawValue, operation: EPOLL_CTL_ADD)
        for socket in sockets { watch(socket, for: EPOLLIN.rawValue, operation: EPOLL_CTL_ADD) }
        if handshakeEvents >= 0 { watch(handshakeEvents, for: EPOLLIN.rawValue, operation: EPOLL_CTL_ADD) }
    }

    private let context: UnsafeMutablePointer<Unmanaged<Loop>?>

    deinit {
        // A loop that never ran has no connection, so nothing calls back from here.
        if !isEnding { MHD_stop_daemon(daemon) }
        for socket in listening { close(socket) }
        lingering.closeAll()
        close(ownEvents)
        if handshakeEvents >= 0 { close(handshakeEvents) }
        context.deallocate()
    }

    // MARK: Running

    /// Serves until told to stop, drains, and ends every connection.
    func run() {
        inbox.adoptThread()
        ccrash_prepare_thread()
        cmhd_watch(onLibraryRefusal)
        if tls != nil { cmhd_watch_handshakes(onHandshake) }
        defer {
            cmhd_watch(nil)
            cmhd_watch_handshakes(nil)
            cmhd_follow(nil, nil)
        }
        while !isDrained { turn() }
        end()
    }

    private func turn() {
        serveRequests()
        let ready = cmhd_wait(daemonEvents, ownEvents, timeInPieces(timeToWait()))
        now = monotonicTime()
        if ready & 2 != 0 { serveOwnEvents() }
        while let index = deadlines.popDue(at: now) {
            if let slot = slots[index] { deadlineReached(slot) }
        }
        if acceptAgain <= now { resumeAccepting() }
        if !lingering.isEmpty { lingering.readEmpty(now: now) }
    }

    private func serveRequests() {
        let first = requestCount
        serveReady()
        let before = requestCount
        guard configuration.workers > 1, yields.isWorthwhile(after: before - first) else { return }
        sched_yield()
        serveReady()
        yields.note(brought: requestCount - before)
    }

    private func serveReady() {
        // Where a request was, another is likely: to look is cheaper than to ask whether to look. Not for ever, since
        // all but requests waits meanwhile.
        for _ in 0..<8 {
            let before = requestCount
            MHD_run(daemon)
            if tls != nil { cmhd_flush() }
            if requestCount == before { break }
        }
    }

    /// Nanoseconds until something is due, or -1 for never.
    private func timeToWait() -> Int64 {
        var wait = cmhd_timeout(daemon)
        if wait == 0 { return 0 }
        if tls != nil, cmhd_holds() { return 1_000_000 }
        wait = wait < 0 ? .max : wait * 1_000_000
        var due = min(deadlines.next ?? .max, acceptAgain, drainDeadline ?? .max)
        if !lingering.isEmpty { due = min(due, now + LingeringSockets.interval) }
        if due != .max { wait = min(wait, max(0, due - monotonicTime())) }
        return wait == .max ? -1 : wait
    }

    /// With a clock that may be moved, waits are short, and the clock is told when the next pause in an answer ends.
    private func timeInPieces(_ wait: Int64) -> Int64 {
        guard cvt_is_on(), wait != 0 else { return wait }
        let pauses = slots.all.lazy.filter { $0.pointee.isSuspended && !$0.pointee.isHeld && !$0.pointee.isShaking }
        let due = pauses.compactMap { self.deadlines.due(of: $0.pointee.index) }.min() ?? .max
        let piece = cvt_wait_until(due)
        return wait < 0 ? piece : min(wait, piece)
    }

    private func serveOwnEvents() {
        let (messages, tunnels, credentials, wantsStop) = inbox.take()
        if let credentials { cmhd_present(credentials.pointer) }
        for message in messages { take(message) }
        for tunnel in tunnels { take(tunnel) }
        if handshakeEvents >= 0 { resumeHandshakes() }
        if isAccepting { acceptAll() }
        if wantsStop, drainDeadline == nil { beginDraining() }
    }

    // MARK: Accepting

    private func acceptAll() {
        for socket in listening {
            // Not without end: those who are served already must not wait for a crowd of newcomers.
            for _ in 0..<64 {
                if slots.count >= connectionLimit {
                    endForsakenExchanges()
                    if cmhd_has_waiting(socket) != 0 {
                        reportFull("the limit of \(connectionLimit) connections is reached")
                    }
                    return pauseAccepting(milliseconds: 100)
                }
                guard acceptOne(from: socket) else { break }
            }
        }
    }

    /// - Returns: Whether to try once more.
    private func acceptOne(from listener: Int32) -> Bool {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { peer in
                let descriptor = cmhd_accept(listener, peer, &length)
                guard descriptor >= 0 else {
                    switch errno {
                    case EINTR, ECONNABORTED, EPROTO: return true
                    case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                        reportFull("the system allows no more open files")
                        pauseAccepting(milliseconds: 100)
                    default: break
                    }
                    return false
                }
                add(descriptor, peer, length)
                return true
            }
        }
    }

    /// Hands a connection to libmicrohttpd.
    ///
    /// - Returns: Whether it took it; if not, it has closed the descriptor.
    @discardableResult
    func add(_ descriptor: Int32, _ peer: UnsafePointer<sockaddr>, _ length: socklen_t) -> Bool {
        isNewPeerLoopback = SocketAddress.isLoopback(peer)
        if tls != nil { cmhd_set_nodelay(descriptor) }
        guard MHD_add_connection(daemon, descriptor, peer, length) == .NO else { return true }
        reportFull("one address has as many connections as it may")
        return false
    }

    private func pauseAccepting(milliseconds: Int64) {
        isAccepting = false
        acceptAgain = now + milliseconds * 1_000_000
        for socket in listening { watch(socket, for: 0, operation: EPOLL_CTL_MOD) }
    }

    private func resumeAccepting() {
        acceptAgain = .max
        isAccepting = true
        for socket in listening { watch(socket, for: EPOLLIN.rawValue, operation: EPOLL_CTL_MOD) }
    }

    /// Reports that clients wait for a connection, at most once a second.
    func reportFull(_ why: String) {
        guard let refusalObserver, now >= fullToldAgain else { return }
        fullToldAgain = now + 1_000_000_000
        refusalObserver(RefusedRequest(status: 0, reason: .connectionLimit, message: "\(why); further clients wait"))
    }

    /// Called when a connection has closed.
    func connectionClosed() {
        if !isAccepting, slots.count < connectionLimit { acceptAgain = min(acceptAgain, now) }
    }

    /// Makes room: ends the waiting exchanges whose client has closed its side.
    ///
    /// A suspended connection does not notice that by itself. With room left they are kept, since a client may close
    /// its sending side and still read.
    private func endForsakenExchanges() {
        for slot in slots.all where slot.pointee.isSuspended && cmhd_peer_closed(slot.pointee.socket) != 0 {
            slot.pointee.doom = .clientLeft
            resume(slot)
        }
    }

    private func watch(_ descriptor: Int32, for events: UInt32, operation: Int32) {
        var event = epoll_event()
        event.events = events
        epoll_ctl(ownEvents, operation, descriptor, &event)
    }

    // MARK: Stopping

    private func beginDraining() {
        drainDeadline = now + configuration.drainTime.nanoseconds
        // Those who got through to us before now are still served.
        acceptAll()
        for socket in listening { close(socket) }
        listening = []
        isAccepting = false
        acceptAgain = .max
        MHD_run(daemon)
    }

    private var isDrained: Bool {
        guard let drainDeadline else { return false }
        return now >= drainDeadline || activeCount == 0 || !slots.all.contains { canFinish($0, by: drainDeadline) }
    }

    private func canFinish(_ slot: SlotPointer, by deadline: Int64) -> Bool {
        switch slot.pointee.phase {
        case .idle: false
        // The loop that serves a tunnel reports when it is done.
        case .head, .body, .awaiting, .refused, .tunnel: true
        case .beforeHead, .sending:
            !slot.pointee.isSuspended
                || !slot.pointee.isHeld && (deadlines.due(of: slot.pointee.index) ?? 0) <= deadline
        }
    }

    /// Ends every connection.
    ///
    /// A daemon that stops with a suspended connection aborts the program, so all are resumed.
    private func end() {
        isEnding = true
        inbox.close()
        for slot in slots.all {
            slot.pointee.doom = .stopped
            if slot.pointee.isSuspended { resume(slot) }
        }
        MHD_run(daemon)
        MHD_stop_daemon(daemon)
    }
}

private func startDaemon(
    _ configuration: ListenerConfiguration, _ connectionLimit: Int, _ identity: IdentityText?,
    context: UnsafeMutablePointer<Unmanaged<Loop>?>
) -> OpaquePointer? {
    var callbacks = cmhd_callbacks(
        context: context, access: onAccess, target: onTarget, completed: onCompleted, connection: onConnection)
    let idleSeconds = max(1, configuration.idleTimeout.nanoseconds / 1_000_000_000)
    return cmhd_start(
        &callbacks, configuration.headerMemory, UInt32(clamping: connectionLimit + 1),
        UInt32(clamping: configuration.connectionsPerAddress), UInt32(clamping: idleSeconds),
        identity?.certificate, identity?.key)
}

/// Nanoseconds on the clock that never goes backwards.
func monotonicTime() -> Int64 { cvt_monotonic() }
