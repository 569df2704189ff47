public import ClipriseJournal
public import ClipriseScenario
public import ClipriseWire

/// What a scenario makes of an account.
extension Account {
    public func profile(_ settings: EngineSettings) -> ContractProfile {
        world.scenario.profile ?? settings.profile
    }

    /// Brings nearer what it takes to count a body, which is far away in memory; changes nothing.
    public func expect(bodyHash: UInt64) { world.bodyCounts.prefetch(bodyHash) }

    /// Moves a virtual clock by the step of a status poll.
    mutating func tick(at host: HostTime) {
        guard world.clock.isVirtual, world.clock.tickPerPoll > .zero else { return }
        world.clock.advance(to: world.clock.now(host.monotonic).advanced(by: world.clock.tickPerPoll))
    }

    mutating func strike(_ subject: Subject, _ fields: HeaderFields) -> RuleStates.Strike? {
        world.states.strike(world.rules, subject, fields, seed: world.seed, at: lastSeen)
    }

    /// Counts a body.
    ///
    /// - Returns: How often it was sent, this time counted.
    mutating func countBody(_ hash: UInt64) -> Int {
        if changes != nil {
            changes?.bodies.append(hash)
            if world.rules.readsAttempts { changes?.isUrgent = true }
        }
        return world.bodyCounts.add(hash, limit: AccountWorld.bodyCountLimit)
    }

    /// Counts that a task was asked for.
    ///
    /// - Parameter isDownload: Whether the file is the answer to the request; it may be the last poll of a life too.
    /// - Returns: How often it was asked for by this operation, this time counted.
    mutating func countAsk(_ position: Int, isDownload: Bool) -> Int {
        var task = tasks[position]
        if changes != nil { changes?.touch(position, isUrgent: task.isSpecial || world.rules.readsAttempts) }
        if !isDownload || task.state == .processing { task.polls &+= 1 }
        if isDownload { task.downloads &+= 1 }
        tasks[position] = task
        return Int(isDownload ? task.downloads : task.polls)
    }

    /// Counts a status poll of a task that is at work, and that only the clock ends.
    ///
    /// - Returns: How often it was polled, this time counted, with its model and its price in credits; nil for any other
    ///   task, of which nothing was counted.
    mutating func countPlainPoll(_ position: Int) -> (attempt: Int, model: Int, credits: Int64)? {
        var task = tasks[position]
        guard task.state == .processing, !task.isSpecial else { return nil }
        if changes != nil { changes?.touch(position, isUrgent: world.rules.readsAttempts) }
        task.polls &+= 1
        tasks[position] = task
        let terms = tasks.terms(of: task)
        return (Int(task.polls), Int(terms.model), terms.credits)
    }

    /// Counts a poll towards a life in polls; a task that ends at this one ends here.
    ///
    /// - Parameter isWorkedOn: False for a poll that something answered before the work: the life is no shorter by it.
    mutating func countLife(_ position: Int, isWorkedOn: Bool, wall: Int64) {
        guard tasks[position].isSpecial, tasks[position].state == .processing,
            let special = specials[position], let last = special.lifePolls
        else { return }
        if !isWorkedOn {
            specials[position]?.lifePolls = last + 1
        } else if special.fault != .stuck, tasks[position].polls >= last {
            endByItself(position, at: lastSeen, wall: wall)
        }
    }

    /// Whether a request for the file of a task would be answered with it now, or with the end of its link.
    func isFileDue(_ position: Int) -> Bool {
        guard !isLost(position) else { return false }
        let task = tasks[position]
        switch task.state {
        case .failed: return false
        case .succeeded:
            guard task.isSpecial, let special = specials[position], case .flap(let polls)? = special.fault else {
                return true
            }
            return special.flapPolls.map { $0 >= polls } ?? true
        case .processing:
            guard task.isSpecial, let special = specials[position], let last = special.lifePolls else { return false }
            if case .fail? = special.fault { return false }
            return special.fault != .stuck && Int(task.polls) + 1 >= last
        }
    }

    func model(at position: Int) -> Int { Int(tasks.terms(at: position).model) }

    /// The random word that the next task's life follows from.
    var lifeWord: UInt64 {
        Draw.mix(Draw.mix(Draw.mix(world.seed, 0x6C69_6665_32), key), UInt64(taskCount))
    }

    /// The first rule of the scenario's tasks that decides the next task, counted.
    mutating func taskRule(_ subject: Subject) -> TaskRule? {
        let rules = world.scenario.tasks
        for index in rules.rules.indices {
            guard rules.fits(index, subject) else { continue }
            let rule = rules.rules[index]
            if world.taskRuleUses.isEmpty { world.taskRuleUses = Array(repeating: 0, count: rules.rules.count) }
            if let times = rule.times, world.taskRuleUses[index] >= times { continue }
            if rule.probability < 1 {
                let word = Draw.mix(Draw.mix(lifeWord, 0x7461_736B), rules.chances[index])
                guard Draw.unit(word) < rule.probability else { continue }
            }
            world.taskRuleUses[index] = min(world.taskRuleUses[index] + 1, AccountWorld.countLimit)
            return rule
        }
        return nil
    }

    // MARK: What a task shows

    /// Whether a task is no longer known to its client.
    func isLost(_ position: Int) -> Bool {
        guard tasks[position].isSpecial, case .lost(let after)? = specials[position]?.fault else { return false }
        return lastSeen.since(tasks[position].acceptedAt) >= after
    }

    /// Whether the link to a finished task's file has stopped working.
    func isExpired(_ position: Int) -> Bool {
        guard tasks[position].isSpecial, case .expiredURL(let after)? = specials[position]?.fault else { return false }
        return lastSeen.since(tasks[position].dueAt) >= after
    }

    /// Whether a finished task shows itself as processing again; each request that it does so to counts.
    ///
    /// It begins when a poll was shown success: whoever asks for the file at once, gets it.
    mutating func flaps(_ position: Int, asksForFile: Bool) -> Bool {
        guard tasks[position].isSpecial, case .flap(let polls)? = specials[position]?.fault else { return false }
        guard let seen = specials[position]?.flapPolls else {
            if !asksForFile { specials[position]?.flapPolls = 0 }
            return false
        }
        guard seen < polls else { return false }
        specials[position]?.flapPolls = seen + 1
        return true
    }

    // MARK: Time inside answers

    /// Fits the pauses of an answer to the account's clock, and gives it the date that this clock shows.
    ///
    /// On a real clock they stay, and the date is left to who sends. On a virtual one pauses move it (`pass`), or become
    /// waits that end when the clock was moved past them (`hold`); the date is that of the instant at which the head goes.
    public mutating func timed(_ plan: ResponsePlan, sequence: Int, at host: HostTime) -> ResponsePlan {
        guard world.clock.isVirtual else { return plan }
        var plan = plan
        plan.date = world.clock.calendarSeconds(at: lastSeen, host)
        guard case .steps(let length, let steps) = plan.body else { return plan }
        var due = lastSeen
        var isBeforeHead = true
        var fitted: [ResponsePlan.Step] = []
        for step in steps {
            if isBeforeHead, step.beginsAnswer {
                isBeforeHead = false
                plan.date = world.clock.calendarSeconds(at: due, host)
            }
            let length = step.length
            if length > .zero {
                due = due.advanced(by: length)
                if world.clock.delays == .hold {
                    world.held.add(sequence, at: due)
                    fitted.append(.hold)
                }
            }
            switch step {
            case .pause: continue
            // Its pieces arrive together, when the last of them is due.
            case .drip(let bytes, _, _): fitted.append(.send(bytes))
            case .send, .hold, .abort: fitted.append(step)
            }
        }
        if world.clock.delays == .pass {
            world.clock.advance(to: due)
            settle(at: due, wall: host.wall)
        }
        return plan.with(.steps(announcedLength: length, fitted))
    }

    /// The answer that carries a file, once its bytes are there: as a fault leaves it, noted, and with its pauses fitted
    /// to the account's clock.
    ///
    /// - Parameters:
    ///   - whole: The answer before any fault.
    ///   - sequence: The exchange's number in the journal.
    public mutating func fileAnswer(
        _ whole: ResponsePlan, of decision: Decision, _ sequence: Int, at host: HostTime
    ) -> ResponsePlan {
        let sent = decision.treated(whole)
        fileDecided(sequence, whole, as: sent, by: decision.treatment)
        return timed(sent, sequence: sequence, at: host)
    }

    private mutating func fileDecided(
        _ sequence: Int, _ whole: ResponsePlan, as sent: ResponsePlan, by treatment: Treatment?
    ) {
        guard !world.journal.keepsNothing else { return }
        let hasFile = treatment?.replacesAnswer != true && !sent.endsBeforeHead
        var part = hasFile ? FileAnswer.part(of: whole) : nil
        if treatment?.spoilsBytes == true { part?.isSound = false }
        let shape: ExchangeEvent.Shape =
            part == nil ? sent.shape : treatment?.spoilsBody == true ? .broken : .file
        world.journal.amend(
            sequence, status: sent.endsBeforeHead ? 0 : sent.status, shape: shape, bytes: sent.byteCount, file: part)
        amend(sequence)
        if !sent.endsBeforeHead { world.journal.keep(answer: sent, of: sequence, hasFile: part != nil) }
    }

    /// Notes how a tracked exchange ended.
    public mutating func exchangeEnded(_ sequence: Int, _ outcome: ExchangeEvent.Outcome, at host: HostTime) {
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
        var end = lastSeen
        if world.clock.isVirtual, let released = world.held.end(sequence), outcome == .completed || outcome == .aborted
        {
            // On a clock that stands still, sending takes no time: the end is the instant that the last wait ended at.
            end = released
        }
        world.journal.end(sequence, outcome, at: end, realTime: host.wall)
        amend(sequence)
    }

    // MARK: What is due

    /// What a host must do because its time has come.
    public struct Dues: Sendable {
        /// Exchanges whose wait is over, once for each wait.
        public var releases: [Int] = []
        public var callbacks: [CallbackJob] = []

        public var isEmpty: Bool { releases.isEmpty && callbacks.isEmpty }
    }

    /// Whether anything fell due by the latest instant.
    private var hasDues: Bool {
        if let next = world.held.next, next <= lastSeen { return true }
        if let next = world.callbacks.next, next <= lastSeen { return true }
        return false
    }

    /// Takes what fell due by the latest instant.
    public mutating func takeDues() -> Dues {
        let dues = Dues(releases: world.held.take(by: lastSeen), callbacks: world.callbacks.take(by: lastSeen))
        begin(dues.callbacks)
        return dues
    }

    /// The same; nil when nothing did.
    ///
    /// One call that may change the account: a call that only asks is handed a copy of the whole of it in other modules.
    public mutating func takeDuesIfAny() -> Dues? { hasDues ? takeDues() : nil }

    /// The next instant at which anything happens by itself; nil when nothing ever will.
    public var nextDue: Instant? {
        [nextEnd, world.held.next, world.callbacks.next].compactMap(\.self).min()
    }

    /// The next instant at which the host has something to do: a clock that is moved stops there.
    public var nextStop: Instant? {
        [world.held.next, nextCallback].compactMap(\.self).min()
    }

    /// Gives up all waits on the clock.
    ///
    /// - Returns: The exchanges to release, once for each wait.
    public mutating func releaseHeld() -> [Int] {
        world.held.take(by: Instant(nanoseconds: .max))
    }

    /// Lets the clock follow the host's from now on; answers that waited on it wait no more.
    ///
    /// - Returns: The exchanges to release, once for each wait.
    public mutating func followHost(_ host: HostTime) -> [Int] {
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
        world.clock.follow(host.monotonic)
        return releaseHeld()
    }

    /// The next instant at which the host has something to do by itself, on a real clock.
    public var nextCallback: Instant? {
        guard world.scenario.callbacks != nil else { return nil }
        return [nextEnd, world.callbacks.next].compactMap(\.self).min()
    }

    /// Moves a virtual clock and settles; nothing happens to a real one.
    public mutating func advance(
        to instant: Instant, at host: HostTime, isLast: Bool = true, from start: Instant? = nil
    ) {
        guard world.clock.isVirtual else { return }
        world.clock.advance(to: instant)
        settle(at: world.clock.now(host.monotonic), wall: host.wall)
        if isLast, let start, lastSeen > start { note(.clock(by: lastSeen.since(start)), wall: host.wall) }
    }

    // MARK: Rules by hand

    /// Whether one more rule can be added.
    public var hasRoomForRule: Bool {
        world.rules.entries.count < RuleBook.limit && world.rules.names.count < RuleBook.idLimit
    }

    /// - Returns: The rule's id.
    public mutating func addRule(_ rule: Rule, first: Bool) -> Int {
        let id = world.rules.add(rule, at: first ? 0 : nil)
        world.states.begin(id, world.rules, account: key, at: lastSeen)
        return id
    }

    /// - Parameter other: The id of the rule that it is tried before; it comes last when there is none of this id.
    public mutating func addRule(_ rule: Rule, before other: Int) -> Int {
        let id = world.rules.add(rule, at: world.rules.entries.firstIndex { $0.id == other })
        world.states.begin(id, world.rules, account: key, at: lastSeen)
        return id
    }

    public func hasRule(_ id: Int) -> Bool { world.rules.entries.contains { $0.id == id } }

    public mutating func changeRule(_ id: Int, to rule: Rule) -> Bool {
        guard world.rules.replace(id, with: rule) else { return false }
        world.states.begin(id, world.rules, account: key, at: lastSeen)
        return true
    }

    public mutating func removeRule(_ id: Int) -> Bool { world.rules.remove(id) }

    /// Follows another scenario from now on; credits, tasks and journal stay.
    public mutating func follow(_ scenario: WorldScenario) {
        world.scenario = scenario
        world.taskRuleUses = []
        let before = world.rules.names.count
        world.rules.replaceAll(with: scenario.rules.entries.map(\.rule))
        for id in before..<world.rules.names.count {
            world.states.begin(id, world.rules, account: key, at: lastSeen)
        }
    }

    /// The rules of the scenario again, as if none had ever acted, and a key that works.
    ///
    /// - Returns: How many rules were in force before.
    public mutating func forgetRules() -> Int {
        let count = world.rules.entries.count
        follow(world.scenario)
        world.isRevoked = false
        return count
    }

    /// The mode, step and delays of the scenario again, at the time that the clock shows.
    ///
    /// - Returns: The exchanges to release, once for each wait.
    public mutating func resetClock(_ host: HostTime) -> [Int] {
        adopt(world.scenario.clock, host)
    }

    /// Takes over a clock's mode, step and delays, at the time that the clock shows.
    ///
    /// - Returns: The exchanges to release, once for each wait.
    public mutating func adopt(_ rule: ClockRule, _ host: HostTime) -> [Int] {
        switch rule {
        case .real: return world.clock.isVirtual ? followHost(host) : []
        case .virtual(let tick, let delays):
            settle(at: world.clock.now(host.monotonic), wall: host.wall)
            world.clock.become(tickPerPoll: tick, delays: delays, at: host.monotonic)
            return []
        }
    }

    /// How often each rule acted, by id.
    public var ruleActs: [Int] { world.states.acts(count: world.rules.names.count) }

    /// How often chance was asked whether a rule acts, by id; 0 for rules that leave nothing to it.
    public var ruleDraws: [Int] { world.states.draws(world.rules) }
}
