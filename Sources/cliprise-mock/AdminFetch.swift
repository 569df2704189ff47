internal import ClipriseHTTP
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch

/// Asks the admin APIs of servers, all at once.
struct AdminFetch {
    private let loop = HTTPLoop()
    /// As `Bearer TOKEN`, for servers beyond this machine.
    let token: String?
    let seconds: Int

    struct Question {
        var server: HealthTarget
        /// Below `/__admin/`.
        var path: String
    }

    /// The answers in the order of the questions.
    ///
    /// - Throws: `Failure` for the first server that does not answer 200, and for a body of more than 512 MiB.
    func answers(to questions: [Question]) throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        // Not more at a time than a listener's queue of connections takes.
        var rest = questions[...]
        while !rest.isEmpty {
            let batch = rest.prefix(64)
            let receivers = batch.map { question in
                let receiver = Receiver()
                _ = loop.start(call(question), receiver)
                return receiver
            }
            for (question, receiver) in zip(batch, receivers) {
                bodies.append(try receiver.wait(for: question))
            }
            rest = rest.dropFirst(batch.count)
        }
        return bodies
    }

    func close() { loop.shutdown() }

    private func call(_ question: Question) -> HTTPCall {
        let name = question.server.host
        let host: HTTPCall.Host =
            IPAddress(name).map { .address($0) } ?? .name(name, lookup: SharedLookup { try NameLookup.system(name) })
        var fields = [HTTPField("Host", question.server.authority)]
        if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
        return HTTPCall(
            .get, scheme: .http, host: host, port: UInt16(question.server.port) ?? 80,
            target: "/__admin/\(question.path)", fields: fields,
            limits: HTTPLimits(connect: .seconds(min(10, Int64(seconds))), total: .seconds(Int64(seconds))))
    }
}

/// Collects one answer.
private final class Receiver: HTTPReceiver {
    private struct State {
        var status = 0
        var body: [UInt8] = []
        var end: HTTPEnd?
        var isTooLarge = false
    }

    private static let limit = 512 << 20

    private let state = Locked(State())
    private let isOver = DispatchSemaphore(value: 0)

    func receive(_ head: HTTPHead) { state.withLock { $0.status = head.status } }

    func receive(_ piece: UnsafeRawBufferPointer) -> HTTPAppetite {
        state.withLock { state in
            guard state.body.count + piece.count <= Self.limit else {
                state.isTooLarge = true
                return .stop
            }
            state.body.append(contentsOf: piece)
            return .more
        }
    }

    func end(_ end: HTTPEnd) {
        state.withLock { $0.end = end }
        isOver.signal()
    }

    func wait(for question: AdminFetch.Question) throws -> [UInt8] {
        isOver.wait()
        let state = state.withLock { $0 }
        let server = question.server.authority
        func failure(_ reason: String) -> Failure { Failure(code: .start, message: "\(server): \(reason)") }
        if case .failed(let problem)? = state.end { throw failure(problem.reason) }
        guard !state.isTooLarge else { throw failure("its answer to /__admin/\(question.path) has more than 512 MiB") }
        switch state.status {
        case 200: return state.body
        case 401: throw failure("it wants a token: put it into CLIPRISE_MOCK_ADMIN_TOKEN")
        case 404: throw failure("what listens there is no cliprise-mock (404 for /__admin/\(question.path))")
        default: throw failure("it returns \(state.status) for GET /__admin/\(question.path)")
        }
    }
}
