internal import AsyncHTTPClient
internal import ClipriseLocks
internal import ClipriseWire
internal import Dispatch
internal import NIOCore

/// One attempt under way: lookup, check, connection, request, answer, all within one time limit.
final class CallbackAttempt: Sendable {
    private let delivery: CallbackDelivery
    private let settings: CallbackSettings
    private let rules: CallbackGuard
    private let lookup: NameLookup.Lookup
    /// Shared by all attempts that need no pin of their own.
    private let client: HTTPClient
    private let state: Locked<State>

    private struct State {
        /// Nil once the attempt is over.
        var onEnd: (@Sendable (CallbackResult) -> Void)?
        var timer: Scheduled<Void>?
        var request: HTTPClient.Task<Int>?
    }

    /// - Parameter onEnd: Called exactly once, on any thread.
    init(
        _ delivery: CallbackDelivery, settings: CallbackSettings, rules: CallbackGuard,
        lookup: @escaping NameLookup.Lookup, client: HTTPClient,
        onEnd: @escaping @Sendable (CallbackResult) -> Void
    ) {
        self.delivery = delivery
        self.settings = settings
        self.rules = rules
        self.lookup = lookup
        self.client = client
        state = Locked(State(onEnd: onEnd))
    }

    /// Begins; returns at once unless the URL is refused by itself.
    func start() {
        let limit = delivery.timeout ?? settings.timeout
        let timer = HTTPClient.defaultEventLoopGroup.any().scheduleTask(in: .nanoseconds(limit.nanoseconds)) {
            self.end(.failed(.timedOut(limit)))
        }
        let isOver = state.withLock { state in
            state.timer = timer
            return state.onEnd == nil
        }
        guard !isOver else { return timer.cancel() }
        do throws(CallbackRefusal) {
            // A URL that could not be called is not called in another's place either.
            let original = try CallbackTarget(delivery.url)
            let target = settings.destination?.target(for: original) ?? original
            switch target.host {
            case .address(let address):
                connect(to: target, at: try rules.check(target.host, addresses: [address])[...])
            case .name(let name):
                DispatchQueue.global().async { self.resolve(name, for: target) }
            }
        } catch {
            end(.failed(.refused(error)))
        }
    }

    /// Ends the attempt before its time; without effect when it is over.
    func end(_ result: CallbackResult) {
        let ended = state.withLock { state in
            let ended = state
            state = State()
            return ended
        }
        guard let onEnd = ended.onEnd else { return }
        ended.timer?.cancel()
        ended.request?.cancel()
        onEnd(result)
    }

    private func resolve(_ name: String, for target: CallbackTarget) {
        do throws(CallbackFailure) {
            let addresses = try lookup(name)
            do throws(CallbackRefusal) {
                connect(to: target, at: try rules.check(target.host, addresses: addresses)[...])
            } catch {
                throw CallbackFailure.refused(error)
            }
        } catch {
            end(.failed(error))
        }
    }

    /// Sends to the first address that can be connected to.
    ///
    /// - Parameter addresses: Checked; not empty.
    private func connect(to target: CallbackTarget, at addresses: ArraySlice<IPAddress>) {
        guard let address = addresses.first?.unmapped, !isOver else { return }
        let request: HTTPClient.Request
        do {
            request = try CallbackConnection.request(for: delivery, to: target, at: address, settings: settings)
        } catch {
            return end(.failed(CallbackConnection.failure(error)))
        }
        let pins = CallbackConnection.needsPin(target) ? ["\(target.host)": "\(address)"] : nil
        let client = pins.map { CallbackConnection.client(settings: settings, pins: $0) } ?? self.client
        let task = client.execute(request: request, delegate: AnswerReader())
        let isOver = state.withLock { state in
            state.request = task
            return state.onEnd == nil
        }
        if isOver { task.cancel() }
        task.futureResult.whenComplete { result in
            if pins != nil { client.shutdown { _ in } }
            switch result {
            case .success(let status):
                self.end(.answered(status))
            case .failure(let error as AnswerReader.BodyTooLong):
                self.end(.answered(error.status))
            case .failure(let error):
                let others = addresses.dropFirst()
                if !others.isEmpty, CallbackConnection.isConnectFailure(error) {
                    self.connect(to: target, at: others)
                } else {
                    self.end(.failed(CallbackConnection.failure(error)))
                }
            }
        }
    }

    private var isOver: Bool {
        state.withLock { $0.onEnd == nil }
    }
}
