internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseWire

/// Carries out admin commands.
extension Service {
    func answerAdmin(_ request: Request) -> ResponsePlan {
        admin.answer(request) { (command) throws(AdminProblem) in try perform(command) }
    }

    private func perform(_ command: AdminCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .health:
            return .health(
                version: Self.version, uptime: now.monotonic.since(start), accounts: directory.count)
        case .listAccounts:
            let all = directory.all
            return .accounts(all.prefix(Self.listLimit).map(view), total: all.count)
        case .createAccount(let key?, let credits):
            guard let cell = directory.add(key, credits: credits) else {
                guard directory.find(key[...]) != nil else { throw Self.tooManyAccounts }
                throw AdminProblem(
                    status: 409, title: "Key taken",
                    detail: "There is an account with this key; leave \"key\" out to get a new one.")
            }
            return .account(view(cell), isNew: true)
        case .createAccount(nil, let credits):
            guard let cell = directory.addUnnamed(credits: credits) else { throw Self.tooManyAccounts }
            return .account(view(cell), isNew: true)
        case .showAccount(let key): return .account(view(try account(key)), isNew: false)
        case .addCredits(let key, let amount):
            let isDone = try account(key).withLock { account in
                let time = now
                let instant = account.world.clock.now(time.monotonic)
                return amount > 0
                    ? account.topUp(amount, at: instant, wall: time.wall)
                    : account.adjust(by: amount, at: instant, wall: time.wall)
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
                    settle(&account)
                    return LedgerView(account, start: start, limit: limit)
                })
        case .showTask(let id): return .task(try task(id))
        case .endTask(let id, let outcome):
            let found = try locate(id)
            let isDone = found.cell.withLock { account in
                let time = now
                return account.force(
                    outcome, at: found.position, now: account.world.clock.now(time.monotonic), wall: time.wall)
            }
            guard isDone else {
                throw AdminProblem(
                    status: 409, title: "Task has ended", detail: "Only a task that is processing can be ended.")
            }
            return .task(try task(id))
        case .reset:
            let old = directory.replaceAll(with: firstAccounts)
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

    private func settle(_ account: inout Account) {
        let time = now
        account.settle(at: account.world.clock.now(time.monotonic), wall: time.wall)
    }

    private func view(_ cell: AccountCell) -> AccountView {
        cell.withLock { account in
            settle(&account)
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
            settle(&account)
            let task = account.task(at: found.position, at: account.lastSeen)
            return TaskView(key: account.key, model: modelID(task.model), task: task)
        }
    }
}
