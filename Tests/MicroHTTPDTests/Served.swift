// A listener for tests: it answers from a table and remembers what it was asked.

import ClipriseLocks
import ClipriseWire
import MicroHTTPD
import RawSocket

/// A running listener, its record of requests and its record of ended exchanges.
struct Served {
    /// What other threads wrote down.
    struct Record: Sendable {
        var requests: [Request] = []
        /// The exchange of each request.
        var exchanges: [ExchangeHandle] = []
        /// Those whose handler returned nil, in order.
        var waiting: [ExchangeHandle] = []
        var ends: [ExchangeEnd] = []
        var refused: [RefusedRequest] = []
    }

    /// What every answer says of the time, as a line: the example of RFC 9110 §5.6.7.
    static let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    let listener: Listener
    let record = Locked(Record())
    /// Opened at every change of the record.
    private let changes = Gate()
    var port: UInt16 { listener.port }

    /// Serves plans by target; a target that is not in the table waits for an answer from outside.
    init(_ plans: [String: ResponsePlan] = [:], _ adjust: (inout ListenerConfiguration) -> Void = { _ in }) throws {
        var configuration = ListenerConfiguration()
        adjust(&configuration)
        let record = self.record
        let changes = self.changes
        listener = try Listener(
            configuration,
            ended: { end in
                record.withLock { $0.ends.append(end) }
                changes.open()
            },
            refused: { refused in
                record.withLock { $0.refused.append(refused) }
                changes.open()
            },
            wall: { 784_111_777 },
            handler: { request, exchange in
                let plan = plans[String(decoding: request.target, as: UTF8.self)]
                record.withLock {
                    $0.requests.append(request)
                    $0.exchanges.append(exchange)
                    if plan == nil { $0.waiting.append(exchange) }
                }
                changes.open()
                return plan
            })
    }

    func connect(receiveBuffer: Int32 = 0, timeout: Int = 5) throws -> RawSocket {
        try RawSocket(port: port, receiveBuffer: receiveBuffer, timeout: timeout)
    }

    /// The requests that reached the handler.
    var requests: [Request] { record.withLock { $0.requests } }

    /// Waits until something is in the record.
    ///
    /// - Returns: What `find` found, or nil when it found nothing and nothing changed for a minute.
    func wait<Found>(for find: (Record) -> Found?) -> Found? {
        while true {
            let copy = record.withLock { $0 }
            if let found = find(copy) { return found }
            guard changes.pass() else { return nil }
        }
    }
}

extension ResponsePlan {
    /// A plain answer of 200 with this text.
    static func text(_ text: String) -> ResponsePlan {
        ResponsePlan(status: 200, contentType: .text, body: .plain(Array(text.utf8)))
    }

    /// An answer of 200 in steps.
    static func steps(_ announcedLength: Int?, _ steps: Step...) -> ResponsePlan {
        ResponsePlan(status: 200, body: .steps(announcedLength: announcedLength, steps))
    }
}

extension ResponsePlan.Step {
    static func send(_ text: String) -> Self { .send(Array(text.utf8)) }
}

extension Request {
    var text: String { String(decoding: body, as: UTF8.self) }
    var targetText: String { String(decoding: target, as: UTF8.self) }
    /// All fields as `name=value`, in order.
    var fieldTexts: [String] {
        (0..<fields.count).map {
            String(decoding: fields.name(at: $0), as: UTF8.self) + "="
                + String(decoding: fields.value(at: $0), as: UTF8.self)
        }
    }
}
