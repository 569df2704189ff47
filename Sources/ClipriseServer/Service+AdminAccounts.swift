internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// Accounts, their money and their tasks.
extension Service {
    func perform(_ command: AccountCommand) throws(AdminProblem) -> AdminAnswer {
        switch command {
        case .list(let page, let search):
            let all = search.map(found) ?? directory.all
            return .accounts(all[page.range(in: all.count)].map { look($0) { AccountView($0) } }, total: all.count)
        case .create(let key, let label, let credits, let scenario):
            // Read before anything is made.
            let world = try scenario.map(world(_:))
            let cell = try create(key, credits: credits)
            if let label { cell.withLock { $0.label = label } }
            if let world { follow(world, cell) }
            return .account(look(cell) { AccountDetail($0) }, isNew: true)
        case .show(let key): return .account(look(try account(key)) { AccountDetail($0) }, isNew: false)
        case .remove(let key):
            let cell = try account(key)
            let forgotten = visit(cell) { account, host in account.forgetTasks(at: host) }
            directory.remove(key)
            cell.releaseAll()
            var cleared = Cleared(accounts: 1, tasks: forgotten.tasks)
            cleared.events = forgotten.events
            return .cleared(cleared)
        case .addCredits(let key, let amount):
            let cell = try account(key)
            let isDone = visit(cell) { account, host in
                let instant = account.world.clock.now(host.monotonic)
                return amount > 0
                    ? account.topUp(amount, at: instant, wall: host.wall)
                    : account.adjust(by: amount, at: instant, wall: host.wall)
            }
            guard isDone else {
                throw AdminProblem(
                    status: 409, title: "Credits out of range",
                    detail: "The credits that can be spent stay from 0 to \(Ledger.limit); nothing was changed.")
            }
            return .account(look(cell) { AccountDetail($0) }, isNew: false)
        case .ledger(let key, let page): return .ledger(look(try account(key)) { LedgerView($0, page) })
        case .tasks(let key, let page):
            return look(try account(key)) { account in
                let range = page.range(in: account.keptTasks)
                let views = account.positions(range).map { view(of: $0, &account) }
                return .tasks(views, total: account.keptTasks, start: range.lowerBound)
            }
        case .showScenario(let key): return .scenario(look(try account(key)) { ScenarioView($0) })
        case .follow(let key, let choice):
            let cell = try account(key)
            follow(try world(choice), cell)
            return .scenario(look(cell) { ScenarioView($0) })
        }
    }

    /// The accounts that have a text in their key or label.
    private func found(_ search: String) -> [AccountCell] {
        let wanted = Array(search.lowercased().utf8)
        let search = ByteSearch(wanted)
        return directory.all.filter { cell in
            let (key, label) = cell.withLock { ($0.key, $0.label) }
            return search.isFound(in: key.map(\.asciiLowercased))
                || label.map { search.isFound(in: Array($0.lowercased().utf8)) } ?? false
        }
    }

    private func create(_ key: [UInt8]?, credits: Int64) throws(AdminProblem) -> AccountCell {
        guard let key else {
            guard let cell = directory.addUnnamed(credits: credits) else { throw Self.tooManyAccounts }
            return cell
        }
        guard let cell = directory.add(key, credits: credits) else {
            guard directory.find(key[...]) != nil else { throw Self.tooManyAccounts }
            throw AdminProblem(
                status: 409, title: "Key taken",
                detail: "There is an account with this key; leave \"key\" out to get a new one.")
        }
        return cell
    }

    private static let tooManyAccounts = AdminProblem(
        status: 409, title: "Too many accounts",
        detail: "There are \(AccountDirectory.limit) accounts; POST /__admin/reset clears them.")

    // MARK: Scenarios

    private func world(_ choice: ScenarioChoice) throws(AdminProblem) -> WorldScenario {
        switch choice {
        case .given(let scenario): return WorldScenario(scenario, models: models)
        case .named(let name):
            let known = worldsInForce
            if let world = known.first(where: { $0.name == name }) { return world }
            if let scenario = try? ScenarioLibrary.load(named: name) { return WorldScenario(scenario, models: models) }
            let meant = Spelling.nearest(to: name, in: known.map(\.name) + ScenarioLibrary.names)
            throw AdminProblem(
                status: 404, title: "No such scenario",
                detail: meant.map { "Did you mean \"\($0)\"?" } ?? "GET /__admin/scenarios lists the built-in ones.")
        }
    }

    private func follow(_ world: WorldScenario, _ cell: AccountCell) {
        let waits = visit(cell) { account, host in
            let waits = account.adopt(world.clock, host)
            account.follow(world)
            return waits
        }
        release(waits, of: cell)
    }

    // MARK: Tasks

    func perform(_ command: TaskCommand, _ id: TaskID) throws(AdminProblem) -> AdminAnswer {
        let (cell, position) = try locate(id)
        if case .end(let outcome) = command {
            let isDone = visit(cell) { account, host in
                account.force(
                    outcome, at: position, now: account.world.clock.now(host.monotonic), wall: host.wall)
            }
            guard isDone else {
                throw AdminProblem(
                    status: 409, title: "Task has ended", detail: "Only a task that is processing can be ended.")
            }
        }
        let found = look(cell) { $0.hasTask(at: position) ? view(of: position, &$0) : nil }
        guard let found else { throw Self.noTask }
        return .task(found)
    }

    private static let noTask = AdminProblem(
        status: 404, title: "No such task", detail: "No account has a task with this id.")

    private func locate(_ id: TaskID) throws(AdminProblem) -> (cell: AccountCell, position: Int) {
        for cell in directory.all {
            if let position = cell.withLock({ $0.position(of: id) }) { return (cell, position) }
        }
        throw Self.noTask
    }

    /// The file of a finished task; it comes later when it is still to be made.
    func file(of id: TaskID, _ caller: Caller) throws(AdminProblem) -> AdminAnswer? {
        let (cell, position) = try locate(id)
        guard let task = look(cell, { $0.hasTask(at: position) ? $0.task(at: position, at: $0.lastSeen) : nil }) else {
            throw Self.noTask
        }
        guard task.outcome == .succeeded else {
            throw AdminProblem(
                status: 409, title: "Task has no file", detail: "Only a task that has succeeded has a file.")
        }
        let spec = engine.spec(of: task)
        if let file = files.cached(spec) { return .file(FileAnswer.plan(file, spec, for: caller.request)) }
        guard caller.exchange != nil else { return nil }
        let answer = LaterAnswer(caller.later)
        let isTaken = files.make(spec) { file in
            guard let file else {
                let problem = AdminProblem(status: 500, title: "No file", detail: "The file cannot be made.")
                return answer.give(.failure(problem))
            }
            answer.give(.success(.file(FileAnswer.plan(file, spec, for: caller.request))))
        }
        guard isTaken else {
            throw AdminProblem(
                status: 503, title: "Too many files", detail: "Too many files wait to be made; come again.",
                fields: [.init("Retry-After", "1")])
        }
        return try answer.take()
    }

    private func view(of position: Int, _ account: inout Account) -> TaskView {
        let task = account.task(at: position, at: account.lastSeen)
        let kind = configuration.catalog.models[task.model].kind.value
        return TaskView(
            key: account.key, model: modelID(task.model), kind: kind.rawValue, ordinal: position + 1, task: task,
            now: account.lastSeen, warnings: account.warnings(of: position))
    }
}
