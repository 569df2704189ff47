public import ClipriseCatalog
public import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Account {
    /// The account as values, at its latest instant.
    public var snapshot: AccountSnapshot {
        var snapshot = head
        snapshot.ledger = ledger.entries.indices.map { index in
            let entry = ledger.entries[index]
            return AccountSnapshot.Entry(kind: entry.kind, task: entry.task, credits: entry.credits, at: entry.at)
        }
        let aside = tasks.asidePositions
        snapshot.dropped?.aside = aside
        // One list for all: it looks at each part of the texts once.
        var list = tasks
        snapshot.tasks = aside.map { savedTask($0, &list) } + (list.first..<list.count).map { savedTask($0, &list) }
        snapshot.bodyCounts = world.bodyCounts.all.sorted { $0.hash < $1.hash }.map {
            AccountSnapshot.BodyCount(hash: $0.hash, count: $0.count)
        }
        return snapshot
    }

    /// The account as values, without its tasks, ledger and counted bodies; which tasks are aside the tasks say.
    var head: AccountSnapshot {
        var snapshot = AccountSnapshot(
            key: key, seed: world.seed, scenarioName: world.scenario.name, scenarioHash: world.scenario.hash,
            clock: AccountSnapshot.Clock(
                isVirtual: world.clock.isVirtual, now: lastSeen, tickPerPoll: world.clock.tickPerPoll,
                delays: world.clock.delays))
        snapshot.label = label
        if tasks.first > 0 || ledger.entries.first > 0 {
            snapshot.dropped = AccountSnapshot.Dropped(
                first: tasks.first, aside: [], succeeded: droppedSucceeded, failed: droppedFailed,
                opening: ledger.opening, entries: ledger.entries.first, carried: ledger.carried)
        }
        snapshot.charge = world.charge
        snapshot.isRevoked = world.isRevoked
        snapshot.ruleStates = world.states.snapshot(world.rules.names)
        snapshot.rules = world.rules.entries.map { AccountSnapshot.ActiveRule(id: $0.id, rule: $0.rule) }
        snapshot.taskRuleUses = world.taskRuleUses
        snapshot.callbacks = world.callbacks.snapshot
        snapshot.reordered = world.callbacks.heldBack
        snapshot.eventTotal = world.journal.total
        return snapshot
    }

    private func savedTask(_ position: Int, _ tasks: inout TaskList) -> AccountSnapshot.Task {
        let record = tasks[position]
        let terms = tasks.terms(of: record)
        let special = record.isSpecial ? specials[position] : nil
        return AccountSnapshot.Task(
            model: Int(terms.model), row: Int(terms.row), credits: terms.credits, acceptedAt: record.acceptedAt,
            dueAt: record.dueAt, outcome: outcome(of: record), polls: Int(record.polls),
            downloads: Int(record.downloads), shape: terms.shape,
            prompt: String(decoding: tasks.prompt(at: position), as: UTF8.self),
            callBackURL: String(decoding: tasks.url(at: position), as: UTF8.self), fault: special?.fault,
            callbackFault: special?.callback, lifePolls: special?.lifePolls, flapPolls: special?.flapPolls,
            isPaid: special?.isPaid ?? false)
    }

    /// Makes an account from a snapshot.
    ///
    /// - Parameters:
    ///   - scenario: The one that the snapshot names.
    ///   - models: The catalogue.
    ///   - host: The account's clock shows the snapshot's time now.
    ///   - journal: Its journal; one without events that goes on counting for a snapshot without events.
    /// - Throws: What in the snapshot could never have been; money that does not add up, above all.
    public init(
        restoring snapshot: AccountSnapshot, scenario: WorldScenario, models: Catalog.Models, at host: HostTime,
        journal: Journal
    ) throws(SnapshotBreach) {
        let first = snapshot.dropped?.first ?? 0
        let aside = snapshot.dropped?.aside ?? []
        guard aside.count <= snapshot.tasks.count else { throw SnapshotBreach("tasks that are aside are missing") }
        try Self.check(snapshot, scenario, taskCount: first + snapshot.tasks.count - aside.count)
        let world = AccountWorld(
            snapshot, scenario, models: models.ids, at: host.monotonic, journal: journal)
        self.init(key: snapshot.key, ledger: Ledger(opening: 0, at: .start), world: world, lastSeen: snapshot.clock.now)
        label = snapshot.label
        tasks = TaskList(first: first)
        for (index, task) in snapshot.tasks.enumerated() {
            let position = index < aside.count ? aside[index] : first + index - aside.count
            guard Self.isSound(task, snapshot.clock.now, models) else {
                throw SnapshotBreach("task \(position + 1) was never possible")
            }
            try restore(task, at: position)
        }
        var replay = try LedgerReplay(after: snapshot.dropped)
        for _ in tasks.first..<tasks.count { replay.addTask() }
        for entry in snapshot.ledger {
            guard replay.add(entry.kind, entry.task, entry.credits, at: entry.at, task: price(of: entry.task)) else {
                throw replay.problem
            }
        }
        try finish(snapshot, replay)
    }

    private mutating func restore(_ task: AccountSnapshot.Task, at position: Int) throws(SnapshotBreach) {
        var state = TaskRecord.State.processing
        switch task.outcome {
        case .processing: if task.dueAt.nanoseconds != .max { due.add(position, at: task.dueAt) }
        case .succeeded:
            state = .succeeded
            succeededCount += 1
        case .failed(let message):
            guard let known = keep(message) else { throw SnapshotBreach("there are too many different failMsg") }
            state = .failed(known)
            failedCount += 1
        }
        let (prompt, url) = (Array(task.prompt.utf8), Array(task.callBackURL.utf8))
        let isAside = position < tasks.first
        let terms = TaskTerms(model: task.model, row: task.row, credits: task.credits, task.shape)
        var record = TaskRecord(
            acceptedAt: task.acceptedAt, dueAt: task.dueAt, polls: UInt32(clamping: task.polls),
            downloads: UInt32(clamping: task.downloads), terms: tasks.number(of: terms),
            prompt: tasks.keep(prompt: isAside ? [] : prompt), callBackURL: tasks.keep(url: isAside ? [] : url),
            state: state)
        record.isSpecial =
            task.fault != nil || task.callbackFault != nil || task.lifePolls != nil || task.flapPolls != nil
            || task.isPaid
        if record.isSpecial {
            specials[position] = TaskSpecial(
                fault: task.fault, lifePolls: task.lifePolls, callback: task.callbackFault, flapPolls: task.flapPolls,
                isPaid: task.isPaid)
        }
        if isAside {
            tasks.setAside(record, at: position, prompt: prompt, url: url)
        } else {
            tasks.append(record)
            if state != .processing { tasks.layTextsToRest(at: position) }
        }
    }

    /// What a ledger entry must agree with; nil for a task that is not there.
    func price(of position: Int?) -> (credits: Int64, isPaid: Bool)? {
        guard let position, position >= 0, tasks.contains(position) else { return nil }
        let task = tasks[position]
        return (tasks.terms(of: task).credits, task.isSpecial && specials[position]?.isPaid == true)
    }

    /// Takes over a ledger that was checked, what was dropped, and the callbacks, when all of it agrees.
    mutating func finish(_ head: AccountSnapshot, _ replay: LedgerReplay) throws(SnapshotBreach) {
        if let reason = replay.disagreement(with: tasks, specials) { throw SnapshotBreach(reason) }
        ledger = replay.ledger
        if let dropped = head.dropped {
            guard dropped.succeeded >= 0, dropped.failed >= 0,
                dropped.succeeded.addingReportingOverflow(dropped.failed) == (droppedTasks, false)
            else { throw SnapshotBreach("what is dropped of the tasks does not agree with those that are there") }
            (droppedSucceeded, droppedFailed) = (dropped.succeeded, dropped.failed)
            succeededCount += dropped.succeeded
            failedCount += dropped.failed
            tasks.orderEndedAside()
        }
        guard (head.callbacks.map(\.task) + head.reordered).allSatisfy(tasks.contains) else {
            throw SnapshotBreach("a callback is for a task that is not there")
        }
        let (specials, rule) = (specials, world.scenario.callbacks ?? .usual)
        world.callbacks = CallbackQueue(head) { callback in
            CallbackJob(
                position: callback.task, attempt: callback.attempt,
                fault: callback.hasFault ? specials[callback.task]?.callback : nil, rule: rule)
        }
    }
}

// MARK: What must hold

extension Account {
    /// Looks at all of a snapshot but its tasks.
    static func check(
        _ snapshot: AccountSnapshot, _ scenario: WorldScenario, taskCount: Int
    ) throws(SnapshotBreach) {
        let now = snapshot.clock.now
        guard now >= .start, now <= AccountClock.latest, snapshot.clock.tickPerPoll >= .zero else {
            throw SnapshotBreach("the clock shows a time that no clock shows")
        }
        if let dropped = snapshot.dropped {
            let aside = dropped.aside
            // Far from the last position that a ledger entry can name.
            guard (0...1 << 30).contains(dropped.first), aside.allSatisfy((0..<dropped.first).contains),
                zip(aside, aside.dropFirst()).allSatisfy({ $0 < $1 })
            else { throw SnapshotBreach("the tasks that are dropped are none that ever were") }
        }
        guard snapshot.ledger.allSatisfy({ $0.at >= .start && $0.at <= now }) else {
            throw SnapshotBreach("the ledger has entries outside of the clock's past")
        }
        let ids = snapshot.rules.map(\.id)
        guard ids.allSatisfy(snapshot.ruleStates.indices.contains), Set(ids).count == ids.count else {
            throw SnapshotBreach("the rules' ids are not those of their states")
        }
        guard
            snapshot.ruleStates.allSatisfy({ state in
                state.matched >= 0 && state.acted >= 0 && state.used >= 0 && state.window ?? 0 >= 0
                    && (Instant.start...now).contains(state.startedAt)
                    && state.passed.allSatisfy { $0 >= .start && $0 <= now }
                    && zip(state.passed, state.passed.dropFirst()).allSatisfy { $0 <= $1 }
            })
        else { throw SnapshotBreach("a rule counts below zero, or begins after now") }
        let uses = snapshot.taskRuleUses
        guard uses.isEmpty || uses.count == scenario.tasks.rules.count, uses.allSatisfy({ $0 >= 0 }) else {
            throw SnapshotBreach("the uses of task rules are not those of the scenario")
        }
        guard snapshot.bodyCounts.count <= AccountWorld.bodyCountLimit, snapshot.bodyCounts.allSatisfy({ $0.count > 0 })
        else {
            throw SnapshotBreach("a body was sent once or more, and at most \(AccountWorld.bodyCountLimit) are counted")
        }
        let called = snapshot.callbacks.map(\.task) + snapshot.reordered
        guard called.allSatisfy((0..<taskCount).contains), snapshot.callbacks.allSatisfy({ $0.attempt > 0 }),
            zip(snapshot.callbacks, snapshot.callbacks.dropFirst()).allSatisfy({ $0.due <= $1.due })
        else { throw SnapshotBreach("a callback is for no task of the account, or stands in no order") }
        guard snapshot.callbacks.allSatisfy({ $0.due >= .start }) else {
            throw SnapshotBreach("a callback is due before the clock began")
        }
        guard called.isEmpty || scenario.callbacks != nil else {
            throw SnapshotBreach("there are callbacks, but the scenario makes none")
        }
    }

    /// Of a restored result: beyond every model's, and within what a file is made of without taking all memory.
    private static let longestSide = 8_192
    /// In seconds.
    private static let longestResult = 3_600

    private static func isSound(_ task: AccountSnapshot.Task, _ now: Instant, _ models: Catalog.Models) -> Bool {
        guard models.indices.contains(task.model), models[task.model].price.rows.indices.contains(task.row),
            (0...Ledger.limit).contains(task.credits), (0...Int(UInt32.max)).contains(task.polls),
            (0...Int(UInt32.max)).contains(task.downloads), task.acceptedAt >= .start, task.acceptedAt <= now,
            task.prompt.utf8.count <= Order.callBackURLLimit, task.callBackURL.utf8.count <= Order.callBackURLLimit,
            (0...Self.longestSide).contains(task.shape.width), (0...Self.longestSide).contains(task.shape.height),
            (0...Self.longestResult).contains(task.shape.seconds), (1...16).contains(task.shape.count),
            task.lifePolls ?? 1 > 0, task.flapPolls ?? 0 >= 0
        else { return false }
        // What is not over is still to come, and what is over has been.
        return task.outcome == .processing ? task.dueAt > now : task.dueAt >= task.acceptedAt && task.dueAt <= now
    }

    /// The same of a task that a state file had.
    static func isSound(
        _ task: TaskRecord, _ terms: TaskTerms, _ special: TaskSpecial?, _ now: Instant
    ) -> Bool {
        let shape = terms.shape
        guard (0...Ledger.limit).contains(terms.credits), task.acceptedAt >= .start, task.acceptedAt <= now,
            shape.width <= longestSide, shape.height <= longestSide, shape.seconds <= longestResult,
            (1...16).contains(shape.count), special?.lifePolls ?? 1 > 0, special?.flapPolls ?? 0 >= 0
        else { return false }
        return task.state == .processing ? task.dueAt > now : task.dueAt >= task.acceptedAt && task.dueAt <= now
    }
}
