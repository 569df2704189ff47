// One open connection, and the table of all of them.

internal import ClipriseWire
internal import Glibc

/// What the loop knows of one connection.
///
/// Reached through a pointer that libmicrohttpd carries for us:
/// set when a connection starts, valid until it is reported closed. Only the loop's thread touches it.
struct Slot {
    enum Phase: UInt8 {
        /// No request line yet.
        case idle
        /// The request line is in, the fields are not.
        case head
        /// The fields are in.
        case body
        /// The handler has the request and will answer later.
        case awaiting
        /// A plan waits before its status line.
        case beforeHead
        /// The head was queued; the rest is on its way.
        case sending
        /// The listener itself answers, and closes.
        case refused
        /// A CONNECT was answered, and the socket serves TLS on another loop.
        case tunnel
    }

    let index: UInt32
    let loop: Unmanaged<Loop>
    var connection: OpaquePointer
    var socket: Int32
    var phase = Phase.idle
    /// Counts the requests of this slot, so that a late answer finds out that it is late.
    var generation: UInt32 = 0
    var isSuspended = false
    /// Whether it is suspended by a hold.
    var isHeld = false
    var isFromLoopback: Bool
    /// Whether a TLS handshake is under way.
    var isShaking = false
    /// The CONNECT that this connection lies in.
    var origin: ExchangeHandle?
    /// Why the exchange must be ended at the next opportunity.
    var doom: ExchangeEnd.Outcome?
    /// Set when the socket must be read empty after libmicrohttpd closes it, so that the close is no reset.
    var lingers = false
    /// When the connection became idle, or the request line came in; nanoseconds.
    var since: Int64
    /// What had come in on this socket when the idle connection was last looked at; bytes.
    ///
    /// nil before the first look.
    var receivedBefore: UInt64? = 0
    /// When an idle connection was seen to have sent part of a request line; nanoseconds.
    var pendingSince: Int64?
    /// When the exchange must be over; nanoseconds.
    var limit: Int64 = .max
    /// How long an abort waits for what is before it to get out; nanoseconds.
    var abortDeadline: Int64?
    /// The byte behind the target in libmicrohttpd's memory.
    var targetEnd: UnsafePointer<CChar>?
    /// Whether `request` has the method of this request, and not that of an earlier one.
    var isMethodKnown = false
    /// Whether the body comes in chunks, and fields may come behind it.
    var isChunked = false
    /// What was read of its framing, where that can be seen.
    var chunks: ChunkScan?
    /// Whether the connection ends with the answer, since where the request ends is in doubt.
    var isLast = false
    /// Whether the head under way is the one before it, so that what is in `request` of that one is true of this one too.
    var isRepeated = false
    /// The body that this head announces; bytes, 0 also when that is not known.
    var announced = 0
    /// The bytes of the head under way, once they are known; 0 for a body in chunks, whose end is not counted.
    var headSize = 0
    /// The head, when it is kept to compare the next one with.
    var known: KnownHead?
    /// Whether the end of the exchange is reported to the observer.
    var reportsEnd = true
    /// The request so far; its memory is used again and again.
    var request = Request(method: .get, target: [])
    /// A plan that has not yet begun.
    var plan: ResponsePlan?
    /// The plan that is being played, when it takes more than one step; before there is a plan, its early releases.
    var cursor: PlanCursor?
    /// Bytes of the body handed over so far.
    var sent = 0
    /// What is being sent, when it goes back to the loop after that.
    var answer: OwnAnswer?

    /// Forgets the exchange; keeps memory that the next one is likely to need, and no more.
    ///
    /// - Parameter spares: Take the memory of the body, for whichever connection needs some next.
    mutating func clear(now: Int64, _ spares: Spares) {
        phase = .idle
        isMethodKnown = false
        isLast = false
        chunks = nil
        since = now
        receivedBefore = nil
        pendingSince = nil
        lingers = false
        abortDeadline = nil
        doom = nil
        sent = 0
        reportsEnd = true
        if plan != nil { plan = nil }
        if cursor != nil { cursor = nil }
        if request.body.capacity > Self.keptBodyBytes {
            request.body = []
        } else if !request.body.isEmpty {
            request.body.removeAll(keepingCapacity: true)
            spares.takeBack(&request.body)
        }
    }

    static let keptBodyBytes = 1_024
}

typealias SlotPointer = UnsafeMutablePointer<Slot>

/// All slots of one loop; a slot never moves while its connection lives.
final class SlotTable {
    private var slots: [SlotPointer?] = []
    private var free: [UInt32] = []

    /// The connections that are open.
    var count: Int { slots.count - free.count }

    func insert(connection: OpaquePointer, socket: Int32, loop: Unmanaged<Loop>, isFromLoopback: Bool, now: Int64)
        -> SlotPointer
    {
        let index: UInt32
        if let reused = free.popLast() {
            index = reused
        } else {
            index = UInt32(slots.count)
            slots.append(nil)
        }
        let slot = SlotPointer.allocate(capacity: 1)
        slot.initialize(
            to: Slot(
                index: index, loop: loop, connection: connection, socket: socket, isFromLoopback: isFromLoopback,
                since: now))
        slots[Int(index)] = slot
        return slot
    }

    func remove(_ slot: SlotPointer) {
        let index = slot.pointee.index
        slots[Int(index)] = nil
        free.append(index)
        slot.deinitialize(count: 1)
        slot.deallocate()
    }

    subscript(index: UInt32) -> SlotPointer? {
        Int(index) < slots.count ? slots[Int(index)] : nil
    }

    /// The open ones; the list is a copy, since what one does to a slot may change the table.
    var all: [SlotPointer] { slots.compactMap(\.self) }
}
