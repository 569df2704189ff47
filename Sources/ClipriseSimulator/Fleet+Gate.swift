internal import ClipriseClient
internal import ClipriseJournal

/// What clients do around their calls: see `ClientLimits`.
///
/// A call that must wait is kept in `heldCalls` until it is let out; its job's exchange number says whether a place in a line
/// is still meant.
extension Fleet {
    enum Admission {
        case now, later, never
    }

    func limits(of slot: Int) -> ClientLimits { groups[group(of: running[slot].client)].policy.limits }

    // MARK: Jobs

    /// Whether a job may begin now; otherwise it stands in its client's line.
    mutating func admitsJob(_ client: Int, ordinal: Int32) -> Bool {
        guard let most = groups[group(of: Int32(client))].policy.limits.jobs else { return true }
        guard gates[client].jobsUnderWay < most else {
            gates[client].waitingJobs.append(.init(ordinal: ordinal, arrivedAt: now))
            return false
        }
        gates[client].jobsUnderWay += 1
        return true
    }

    /// A job of a client has ended: the next one of its line begins, in an event of its own.
    mutating func jobEnded(_ client: Int) {
        guard groups[group(of: Int32(client))].policy.limits.jobs != nil else { return }
        if gates[client].waitingJobs.isEmpty {
            gates[client].jobsUnderWay -= 1
        } else {
            queue.add(Event(happening: .nextJob, slot: Int32(client)), at: now)
        }
    }

    // MARK: Calls

    /// Asks the breaker, then the rate, then the pool.
    mutating func admit(_ call: Call, _ slot: Int) -> Admission {
        let (limits, client) = (limits(of: slot), Int(running[slot].client))
        running[slot].isTrial = false
        if let breaker = limits.breaker {
            let (isLetOut, isTrial) = gates[client].passes(breaker, now: now)
            guard isLetOut else { return .never }
            running[slot].isTrial = isTrial
        }
        if let rate = limits.rate {
            let at = reserve(rate, client)
            if at > now {
                hold(call, slot)
                queue.add(Event(happening: .permit, slot: Int32(slot), exchange: running[slot].exchange), at: at)
                return .later
            }
        }
        return admitByAdaptiveRate(call, slot, limits)
    }

    private mutating func admitByAdaptiveRate(_ call: Call, _ slot: Int, _ limits: ClientLimits) -> Admission {
        let client = Int(running[slot].client)
        guard limits.adapts else { return admitByPool(call, slot, limits) }
        let isFirst = gates[client].waitingForRate.isEmpty
        guard !isFirst || !takesToken(client) else {
            return admitByPool(call, slot, limits)
        }
        hold(call, slot)
        gates[client].waitingForRate.append(.init(slot: Int32(slot), exchange: running[slot].exchange))
        if isFirst { lookAtRate(of: client) }
        return .later
    }

    private mutating func admitByPool(_ call: Call, _ slot: Int, _ limits: ClientLimits) -> Admission {
        guard let pool = limits.pool else { return .now }
        let client = Int(running[slot].client)
        guard gates[client].connections >= pool.size else {
            gates[client].connections += 1
            running[slot].connections = 1
            return .now
        }
        hold(call, slot)
        gates[client].waitingForConnection.append(.init(slot: Int32(slot), exchange: running[slot].exchange))
        let rest = running[slot].machine.remaining(now: .nanoseconds(now - running[slot].startedAt))
        queue.add(
            Event(happening: .noConnection, slot: Int32(slot), exchange: running[slot].exchange),
            at: now &+ min(pool.wait ?? rest, rest).nanoseconds)
        return .later
    }

    private var seconds: Double { Double(now) / 1e9 }

    /// Whether the adaptive rate has a token for a call now; it is taken then.
    private mutating func takesToken(_ client: Int) -> Bool {
        let seconds = seconds
        return gates[client].adaptive?.take(at: seconds) == nil
    }

    private mutating func reserve(_ rate: ClientLimits.Rate, _ client: Int) -> Int64 {
        let now = now
        return gates[client].reserve(rate, now: now)
    }

    private mutating func hold(_ call: Call, _ slot: Int) {
        running[slot].exchange &+= 1
        heldCalls[Int32(slot)] = call
    }

    /// The call that is held in a place, taken out; nil when the place is no longer meant, or the job's time is over.
    private mutating func release(_ place: ClientGate.Place) -> Call? {
        let slot = Int(place.slot)
        guard running[slot].exchange == place.exchange, let call = heldCalls.removeValue(forKey: place.slot) else {
            return nil
        }
        guard running[slot].machine.remaining(now: .nanoseconds(now - running[slot].startedAt)) > .zero else {
            neverSent(slot)
            return nil
        }
        return call
    }

    /// The client's rate lets a call out.
    mutating func permit(_ slot: Int, _ exchange: UInt32) {
        guard let call = release(.init(slot: Int32(slot), exchange: exchange)) else { return }
        let limits = limits(of: slot)
        letOut(admitByAdaptiveRate(call, slot, limits), call, slot)
    }

    /// A look at the head of the line before the adaptive rate.
    mutating func looked(_ client: Int, _ look: UInt32) {
        guard gates[client].look == look, gates[client].waitingForRate.first != nil else { return }
        guard takesToken(client) else { return lookAtRate(of: client) }
        if let place = gates[client].waitingForRate.popFirst() {
            let slot = Int(place.slot)
            if let call = release(place) { letOut(admitByPool(call, slot, limits(of: slot)), call, slot) }
        }
        if !gates[client].waitingForRate.isEmpty { lookAtRate(of: client) }
    }

    /// Sees to it that the head of the line is looked at when there is a token for it.
    private mutating func lookAtRate(of client: Int) {
        gates[client].look &+= 1
        let seconds = seconds
        let wait = gates[client].adaptive?.wait(at: seconds) ?? 0
        // A nanosecond more than the seconds say, so that the token is there.
        queue.add(
            Event(happening: .look, slot: Int32(client), exchange: gates[client].look),
            at: now &+ Int64(min(wait, 1e9) * 1e9) + 1)
    }

    /// A connection came free for a call that waited; the connection is already its own.
    mutating func connect(_ slot: Int, _ exchange: UInt32) {
        let client = Int(running[slot].client)
        guard let call = release(.init(slot: Int32(slot), exchange: exchange)) else { return giveBack(client) }
        running[slot].connections = 1
        letOut(.now, call, slot)
    }

    /// A call has waited for a connection as long as it may.
    mutating func missConnection(_ slot: Int, _ exchange: UInt32) {
        guard running[slot].exchange == exchange, heldCalls.removeValue(forKey: Int32(slot)) != nil else { return }
        neverSent(slot)
    }

    private mutating func letOut(_ admission: Admission, _ call: Call, _ slot: Int) {
        switch admission {
        case .later: return
        case .never: neverSent(slot)
        case .now:
            guard let answer = send(call, slot) else { return hedgeLater(call, slot) }
            take(answer, slot)
            advance(slot)
        }
    }

    /// A held call never left: its job goes on with that.
    private mutating func neverSent(_ slot: Int) {
        refuse(slot)
        advance(slot)
    }

    /// Reports to a job that its call never left.
    mutating func refuse(_ slot: Int) {
        running[slot].exchange &+= 1
        let (limits, client) = (limits(of: slot), Int(running[slot].client))
        tallies[group(of: running[slot].client)].neverSent += 1
        if let breaker = limits.breaker, running[slot].isTrial {
            gates[client].judge(breaker, isFailure: nil, isTrial: true, now: now)
        }
        running[slot].receive(.failure(.notSent), now: now)
    }

    // MARK: Answers

    /// What an answer means for the client: a connection is free, the breaker and the rate learn from it.
    mutating func learn(from answer: Answer, _ slot: Int) {
        let (limits, client) = (limits(of: slot), Int(running[slot].client))
        var (isFailure, isThrottled) = (true, false)
        switch answer {
        case .response(let response):
            isFailure = response.status >= 500 || !response.isComplete
            isThrottled = response.status == 429
        case .file(let transfer): isFailure = !transfer.isComplete
        case .failure: break
        }
        if let breaker = limits.breaker {
            gates[client].judge(breaker, isFailure: isFailure, isTrial: running[slot].isTrial, now: now)
        }
        if limits.adapts {
            let seconds = seconds
            gates[client].adaptive?.answered(at: seconds, isThrottled: isThrottled)
            if !gates[client].waitingForRate.isEmpty { lookAtRate(of: client) }
        }
        while running[slot].connections > 0 {
            running[slot].connections -= 1
            giveBack(client)
        }
    }

    /// Gives a connection to the next call that waits for one.
    private mutating func giveBack(_ client: Int) {
        while let place = gates[client].waitingForConnection.popFirst() {
            guard running[Int(place.slot)].exchange == place.exchange, heldCalls[place.slot] != nil else { continue }
            return queue.add(Event(happening: .connect, slot: place.slot, exchange: place.exchange), at: now)
        }
        gates[client].connections -= 1
    }

    // MARK: Hedging

    /// Sees to it that a call which has no answer yet is sent once more.
    mutating func hedgeLater(_ call: Call, _ slot: Int) {
        guard let hedge = limits(of: slot).hedge else { return }
        let isMeant =
            switch call {
            case .generate: hedge.generate
            case .status: hedge.status
            case .download: hedge.download
            }
        guard isMeant else { return }
        hedgedCalls[Int32(slot)] = call
        queue.add(
            Event(happening: .hedge, slot: Int32(slot), exchange: running[slot].exchange),
            at: now &+ hedge.after.nanoseconds)
    }

    /// Sends a call once more beside the first, where rate and pool have room for it.
    mutating func hedge(_ slot: Int, _ exchange: UInt32) {
        guard running[slot].exchange == exchange, let call = hedgedCalls.removeValue(forKey: Int32(slot)) else {
            return
        }
        let (limits, client) = (limits(of: slot), Int(running[slot].client))
        if limits.adapts, !takesToken(client) { return }
        if let rate = limits.rate, reserve(rate, client) > now { return }
        if let pool = limits.pool {
            guard gates[client].connections < pool.size else { return }
            gates[client].connections += 1
            running[slot].connections += 1
        }
        tallies[group(of: running[slot].client)].hedges += 1
        guard let answer = send(call, slot, isHedge: true) else { return }
        if let ending = running[slot].pending?.ending { end(ending, as: .clientLeft) }
        running[slot].pending = nil
        running[slot].exchange &+= 1
        take(answer, slot)
        advance(slot)
    }
}
