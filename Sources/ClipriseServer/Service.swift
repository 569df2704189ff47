// Joins the engine to accounts and a clock. Everything of the server but the socket: tests and the listener use it alike.

internal import ClipriseAdmin
internal import ClipriseCatalog
package import ClipriseEngine
package import ClipriseWire

/// Where time comes from: nanoseconds since the server's start.
package typealias ServerClock = @Sendable () -> Instant

package final class Service: Sendable {
    package static let version = "0.1.0"

    private let configuration: ServerConfiguration
    private let engine: Engine
    private let directory: AccountDirectory
    private let admin: AdminAPI
    private let clock: ServerClock
    private let start: Instant

    package init(_ configuration: ServerConfiguration, clock: @escaping ServerClock) {
        self.configuration = configuration
        self.clock = clock
        start = clock()
        engine = Engine(settings: configuration.engine, catalog: configuration.catalog)
        directory = AccountDirectory(seed: configuration.engine.seed)
        admin = AdminAPI(
            gate: AdminGate(
                token: configuration.adminToken, acceptedHosts: configuration.engine.acceptedHosts))
        _ = directory.replaceAll(with: configuration.accounts, at: start)
    }

    /// Decides the answer to one request.
    ///
    /// - Parameters:
    ///   - port: The port that is listened on.
    ///   - key: Set to the key that the request named, for the log.
    package func decide(_ request: Request, port: UInt16, key: inout ArraySlice<UInt8>) -> Decision {
        switch engine.receive(request, port: port) {
        case .decided(let decision): return decision
        case .generate(let named):
            key = named
            guard let cell = cell(named) else { return engine.refuseKey(.generate) }
            switch engine.order(request.body) {
            case .failure(let refusal): return refusal.decision
            case .success(let order):
                // The instant is taken inside the lock, so that time never runs backwards for an account.
                return cell.withLock { engine.accept(order, for: &$0, at: clock()) }
            }
        case .status(let query):
            key = query.key
            guard let cell = cell(query.key) else { return engine.refuseKey(query.wantsFile ? .download : .status) }
            return cell.withLock { engine.status(query, for: &$0, at: clock()) }
        case .admin:
            let plan = admin.answer(request) { (command) throws(AdminProblem) in try perform(command) }
            return Decision(plan, Event(.admin, .http2))
        }
    }

    /// The name of a model by its position in the catalogue.
    func modelID(_ position: Int) -> String {
        configuration.catalog.models[position].id
    }

    private func cell(_ key: ArraySlice<UInt8>) -> AccountCell? {
        if let cell = directory.find(key) { return cell }
        guard configuration.isOpen, key.count <= AdminCommand.keyLimit else { return nil }
        return directory.findOrAdd(Array(key), credits: AdminCommand.defaultCredits, at: clock())
    }

    private func perform(_ command: AdminCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .health:
            return .health(version: Self.version, uptime: clock().since(start), accounts: directory.count)
        case .listAccounts:
            let all = directory.all
            return .accounts(all.prefix(Self.listLimit).map(view), total: all.count)
        case .createAccount(let key?, let credits):
            guard let cell = directory.add(key, credits: credits, at: clock()) else {
                guard directory.find(key[...]) != nil else { throw Self.tooManyAccounts }
                throw AdminProblem(
                    status: 409, title: "Key taken",
                    detail: "There is an account with this key; leave \"key\" out to get a new one.")
            }
            return .account(view(cell), isNew: true)
        case .createAccount(nil, let credits):
            guard let cell = directory.addUnnamed(credits: credits, at: clock()) else { throw Self.tooManyAccounts }
            return .account(view(cell), isNew: true)
        case .showAccount(let key): return .account(view(try account(key)), isNew: false)
        case .addCredits(let key, let amount):
            let isDone = try account(key).withLock { account in
                amount > 0 ? account.topUp(amount, at: clock()) : account.adjust(by: amount, at: clock())
            }
            guard isDone else {
                throw AdminProblem(
                    status: 409, title: "Credits out of range",
                    detail: "The credits that can be spent stay from 0 to \(Ledger.limit); nothing was changed.")
            }
            return .account(view(try account(key)), isNew: false)
        case .showLedger(let key, let start, let limit):
            return .ledger(
                try account(key).withLock { account in
                    account.settle(at: clock())
                    return LedgerView(account, start: start, limit: limit)
                })
        case .showTask(let id): return .task(try task(id))
        case .endTask(let id, let outcome):
            let found = try locate(id)
            guard found.cell.withLock({ $0.force(outcome, at: found.position, now: clock()) }) else {
                throw AdminProblem(
                    status: 409, title: "Task has ended", detail: "Only a task that is processing can be ended.")
            }
            return .task(try task(id))
        case .reset:
            let old = directory.replaceAll(with: configuration.accounts, at: clock())
            return .reset(accounts: old.count, tasks: old.reduce(0) { $0 + $1.withLock(\.taskCount) })
        }
    }

    private static let tooManyAccounts = AdminProblem(
        status: 409, title: "Too many accounts",
        detail: "There are \(AccountDirectory.limit) accounts; POST /__admin/reset clears them.")
    /// The most accounts of one list.
    private static let listLimit = 10_000

    private func account(_ key: [UInt8]) throws(AdminProblem) -> AccountCell {
        guard let cell = directory.find(key[...]) else {
            throw AdminProblem(
                status: 404, title: "No such account",
                detail: "POST /__admin/accounts makes one; GET /__admin/accounts lists those that are there.")
        }
        return cell
    }

    private func view(_ cell: AccountCell) -> AccountView {
        cell.withLock { account in
            account.settle(at: clock())
            return AccountView(account)
        }
    }

    private func locate(_ id: TaskID) throws(AdminProblem) -> (cell: AccountCell, position: Int) {
        for cell in directory.all {
            if let position = cell.withLock({ $0.position(of: id) }) { return (cell, position) }
        }
        throw AdminProblem(status: 404, title: "No such task", detail: "No account has a task with this id.")
    }

    private func task(_ id: TaskID) throws(AdminProblem) -> TaskView {
        let found = try locate(id)
        return found.cell.withLock { account in
            let task = account.task(at: found.position, at: clock())
            return TaskView(key: account.key, model: modelID(task.model), task: task)
        }
    }
}
