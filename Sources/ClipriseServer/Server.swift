internal import ClipriseEngine
internal import ClipriseMedia
internal import ClipriseWire
internal import Glibc
package import MicroHTTPD

/// A running mock: the service behind a listener, on the machine's clock.
package final class Server: Sendable {
    private let listener: Listener
    private let front: Front

    package var port: UInt16 { listener.port }
    /// The most connections it takes; fewer than configured when the system allows fewer open files.
    package var connectionLimit: Int { listener.connectionLimit }

    /// Binds and serves from then on.
    ///
    /// - Throws: `ListenerError`, most often because the port is in use.
    package init(_ configuration: ServerConfiguration, clock: ServerClock? = nil) throws(ListenerError) {
        let front = Front(configuration, clock: clock ?? monotonicClock())
        self.front = front
        listener = try Listener(configuration.listener) { request, exchange in
            front.answer(request, exchange)
        }
    }

    /// Accepts no more, finishes what is under way, and writes the rest of the log.
    package func stop() {
        listener.stop()
        front.log.flush()
    }
}

/// The monotonic clock, from now on.
package func monotonicClock() -> ServerClock {
    let start = nanoseconds(of: CLOCK_MONOTONIC)
    return { Instant(nanoseconds: nanoseconds(of: CLOCK_MONOTONIC) - start) }
}

private func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// What stands between the listener and the service: files, and the log.
private final class Front: Sendable {
    let log: ExchangeLog
    private let service: Service
    private let files = FileStore()

    init(_ configuration: ServerConfiguration, clock: @escaping ServerClock) {
        service = Service(configuration, clock: clock)
        log = ExchangeLog(configuration.log)
    }

    /// Nil when the file is still to be made: the exchange is answered then.
    func answer(_ request: Request, _ exchange: Exchange) -> ResponsePlan? {
        var key: ArraySlice<UInt8> = []
        let decision = service.decide(request, port: exchange.port, key: &key)
        switch decision.answer {
        case .plan(let plan):
            tell(decision.event, request, status: plan.status, key: key)
            return plan
        case .file(let spec):
            if let file = files.cached(spec) {
                let plan = plan(file, spec, for: request)
                tell(decision.event, request, status: plan.status, key: key)
                return plan
            }
            let isTaken = files.make(spec) { [key] file in
                let plan = file.map { self.plan($0, spec, for: request) } ?? ResponsePlan(status: 500)
                self.tell(decision.event, request, status: plan.status, key: key)
                exchange.answer(plan)
            }
            guard isTaken else {
                let busy = ResponsePlan(status: 503, fields: [.init("Retry-After", "1")])
                tell(decision.event, request, status: busy.status, key: key)
                return busy
            }
            return nil
        }
    }

    private func plan(_ file: ResultFile, _ spec: ResultSpec, for request: Request) -> ResponsePlan {
        FileAnswer.plan(
            file.bytes, contentType: file.contentType, fileName: file.fileName, entityTag: entityTag(spec), for: request
        )
    }

    /// Names the bytes: after a reset a task id may come again with another prompt.
    private func entityTag(_ spec: ResultSpec) -> String {
        var hash = Draw.mix(0, spec.model.utf8)
        hash = Draw.mix(hash, spec.prompt.utf8)
        for measure in [spec.width, spec.height, spec.seconds, spec.count] { hash = Draw.mix(hash, UInt64(measure)) }
        return "\(spec.taskID)-\(String(hash, radix: 16))"
    }

    private func tell(_ event: Event, _ request: Request, status: Int, key: ArraySlice<UInt8>) {
        guard log.isWanted(.warning) else { return }
        log.tell(
            ExchangeLine(
                event: event, method: request.method, path: request.path, status: status, key: key,
                model: event.model.map(service.modelID), time: nanoseconds(of: CLOCK_REALTIME)))
    }
}
