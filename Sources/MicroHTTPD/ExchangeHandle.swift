// What other threads may hold of an exchange, and the inbox through which they reach its loop.

internal import CMicroHTTPD
internal import ClipriseLocks
public import ClipriseWire
internal import Glibc

/// One request and its answer, as a handler names it to answer later.
///
/// A small value without an allocation of its own. It may be kept for as long as one likes, by any thread.
public struct ExchangeHandle: Sendable, Hashable {
    let inbox: Inbox
    let slot: UInt32
    let generation: UInt32

    /// The port that the request came in on.
    public var port: UInt16 { inbox.port }

    /// Answers an exchange whose handler returned nil.
    ///
    /// Harmless when the exchange was answered before, when the client left, and when the listener stopped.
    public func answer(_ plan: ResponsePlan) {
        inbox.post(Message(slot: slot, generation: generation, content: .answer(plan)))
    }

    /// Lets one `hold` of the answer pass, the current one or else the next, and appends steps to its body.
    ///
    /// Releases take effect in the order they were made, those before the answer too. Harmless when the exchange is
    /// over, and when the answer has no steps.
    public func release(adding steps: [ResponsePlan.Step] = []) {
        inbox.post(Message(slot: slot, generation: generation, content: .release(adding: steps)))
    }

    public static func == (left: ExchangeHandle, right: ExchangeHandle) -> Bool {
        left.inbox === right.inbox && left.slot == right.slot && left.generation == right.generation
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(inbox))
        hasher.combine(slot)
        hasher.combine(generation)
    }
}

/// What a handler keeps between the requests of a loop; used on the loop's thread only.
public struct HandlerMemory {
    /// What the handler keeps of a head.
    public typealias Reading = any AnyObject & Sendable

    /// Whether the head is, byte for byte, that of the request before it on this connection.
    ///
    /// Only then is it worth while to keep something: a client that polls sends one head over and over, and what it asks
    /// for is read once.
    public let isRepeated: Bool
    /// What was found out from the head alone, kept while the same bytes come again.
    ///
    /// Nil when the head is new, and when nothing was kept; true of every request with this head. Connections of one loop
    /// that send the same head have it together.
    public var reading: Reading?
    /// What all connections of the loop have in common; nil at first.
    public var shared: AnyObject?
    /// Whether the listener reports the end of this exchange to its observer.
    public var reportsEnd = true

    public init(isRepeated: Bool = false, reading: Reading? = nil, shared: AnyObject? = nil) {
        (self.isRepeated, self.reading, self.shared) = (isRepeated, reading, shared)
    }
}

/// How an exchange ended; the listener reports it when someone wants to know.
public struct ExchangeEnd: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// All that the plan wanted to send was handed to the system.
        case completed
        /// The plan ended the connection.
        case abortedByPlan
        /// The client closed or broke the connection before it had the answer.
        case clientLeft
        /// A time limit of the configuration ended it.
        case timedOut
        /// The answer grew faster than the client read, beyond `ListenerConfiguration.backlogLimit`.
        case fellBehind
        /// The listener refused the request before the handler saw it: too long, or malformed.
        case refused
        /// The listener stopped first.
        case stopped
    }

    public var exchange: ExchangeHandle
    public var outcome: Outcome
    /// Bytes of the body handed to the system; a plain body counts whole or not at all.
    public var bodyBytesSent: Int
}

/// What came from outside the loop for one exchange.
struct Message: Sendable {
    enum Content: Sendable {
        case answer(ResponsePlan)
        case release(adding: [ResponsePlan.Step])
        /// The TLS connection of a CONNECT is over.
        case tunnelEnded
    }

    var slot: UInt32
    var generation: UInt32
    var content: Content
}

/// A socket whose client was answered `200` to its CONNECT, on the way to a loop that serves TLS.
struct Tunnel: Sendable {
    /// A descriptor of its own.
    var socket: Int32
    var origin: ExchangeHandle

    /// Gives the socket up.
    func drop() {
        close(socket)
        origin.endTunnel()
    }
}

extension ExchangeHandle {
    /// Reports to the loop of a CONNECT that the TLS connection is over.
    func endTunnel() { inbox.post(Message(slot: slot, generation: generation, content: .tunnelEnded)) }
}

/// The only thing that a loop shares with other threads.
final class Inbox: Sendable {
    private struct Contents: Sendable {
        /// In the order they came.
        var messages: [Message] = []
        var tunnels: [Tunnel] = []
        var wantsStop = false
        var credentials: Credentials?
        var isClosed = false
        var thread: pthread_t?
    }

    private let contents = Locked(Contents())
    /// Readable when something came in.
    let wake: Int32
    /// The port that the loop listens on.
    let port: UInt16

    /// - Throws: `ListenerError.refused` when no descriptor can be had.
    init(port: UInt16) throws(ListenerError) {
        self.port = port
        wake = cmhd_eventfd()
        guard wake >= 0 else { throw .refused(call: "eventfd", errno: errno) }
    }

    deinit {
        close(wake)
    }

    func post(_ message: Message) {
        contents.withLock { contents in
            guard !contents.isClosed else { return }
            contents.messages.append(message)
            if contents.messages.count == 1 { eventfd_write(wake, 1) }
        }
    }

    /// Hands over a connection.
    ///
    /// - Returns: Whether the loop still takes any; if not, the socket stays the caller's.
    func post(_ tunnel: Tunnel) -> Bool {
        contents.withLock { contents in
            guard !contents.isClosed, !contents.wantsStop else { return false }
            contents.tunnels.append(tunnel)
            eventfd_write(wake, 1)
            return true
        }
    }

    /// Lets new TLS connections see another certificate.
    func post(_ credentials: Credentials) {
        contents.withLock { contents in
            contents.credentials = credentials
            eventfd_write(wake, 1)
        }
    }

    /// Names the calling thread as the loop's.
    func adoptThread() {
        let myself = pthread_self()
        contents.withLock { $0.thread = myself }
    }

    /// Whether the caller runs on the loop's thread.
    var isOnItsThread: Bool {
        let myself = pthread_self()
        return contents.withLock { contents in
            contents.thread.map { pthread_equal($0, myself) != 0 } ?? false
        }
    }

    func requestStop() {
        contents.withLock { contents in
            contents.wantsStop = true
            eventfd_write(wake, 1)
        }
    }

    /// Takes what came in; for the loop only.
    func take() -> (messages: [Message], tunnels: [Tunnel], credentials: Credentials?, wantsStop: Bool) {
        var count: eventfd_t = 0
        eventfd_read(wake, &count)
        return contents.withLock { contents in
            let messages = contents.messages
            let tunnels = contents.tunnels
            contents.messages = []
            contents.tunnels = []
            let credentials = contents.credentials
            contents.credentials = nil
            return (messages, tunnels, credentials, contents.wantsStop)
        }
    }

    /// Lets later messages fall on the floor.
    func close() {
        contents.withLock { contents in
            contents.isClosed = true
            contents.messages = []
            for tunnel in contents.tunnels { tunnel.drop() }
            contents.tunnels = []
        }
    }

    private func close(_ descriptor: Int32) {
        _ = Glibc.close(descriptor)
    }
}
