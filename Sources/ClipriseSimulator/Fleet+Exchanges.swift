internal import ClipriseBundle
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

extension Fleet {
    /// Nothing is worked on from here on, after 146 years: sums with the calendar stay within 64 bits.
    private static let endOfTime = Int64.max / 2

    /// Sends a request.
    ///
    /// - Parameter isHedge: Whether the call is out already, and this is one more beside it.
    /// - Returns: The answer if it comes at once; otherwise it is on its way.
    mutating func send(_ call: Call, _ slot: Int, isHedge: Bool = false) -> Answer? {
        let (kind, from): (CallKind, Int) =
            switch call {
            case .generate: (.generate, 0)
            case .status: (.status, 0)
            case .download(_, let from): (.download, from)
            }
        if !isHedge { running[slot].exchange &+= 1 }
        count(kind, slot)
        var request = queuedRequest(kind, from: from, slot)
        guard gateway != nil else { return perform(request) }
        switch gateway?.arrive(at: Instant(nanoseconds: now)) {
        case nil, .refuse?:
            tallies[group(of: running[slot].client)].refusedByCapacity += 1
            request.isRejected = true
            return perform(request)
        case .serve(let start, let end)?:
            request.end = end.nanoseconds
            if start.nanoseconds <= now { return perform(request) }
            if start.nanoseconds > request.limit {
                expect(.init(answer: .failure(.lost), at: request.limit), slot)
            }
            if start.nanoseconds < Self.endOfTime { enqueue(request, at: start.nanoseconds) }
            return nil
        }
    }

    @inline(__always)
    private mutating func count(_ kind: CallKind, _ slot: Int) {
        running[slot].calls &+= 1
        let retries = running[slot].machine.retryCount
        let isRetry = retries > running[slot].retriesSent
        running[slot].retriesSent = retries
        if kind == .status { running[slot].polls &+= 1 }
        if kind == .download, running[slot].seenAt < 0 { running[slot].seenAt = now }
        tallies[group(of: running[slot].client)].sent(at: now, kind, isRetry: isRetry)
    }

    private func queuedRequest(_ kind: CallKind, from: Int, _ slot: Int) -> QueuedRequest {
        let (patience, limit) = running[slot].limit(now: now)
        return QueuedRequest(
            job: Int32(slot), exchange: running[slot].exchange, call: kind, from: from,
            account: running[slot].account, client: running[slot].client, kind: running[slot].kind,
            ordinal: running[slot].ordinal, target: running[slot].statusTarget, limit: limit, patience: patience,
            end: now)
    }

    enum Polled {
        /// The task is at work; its job knows that already.
        case atWork
        case answer(Answer)
        /// The answer is on its way.
        case later
    }

    /// Sends a poll of a task that is known, where nobody keeps what was said.
    mutating func poll(_ slot: Int) -> Polled {
        running[slot].exchange &+= 1
        count(.status, slot)
        let account = Int(running[slot].account)
        let (instant, position) = (world.time(Instant(nanoseconds: now)), Int(running[slot].task))
        let glance = world.engine.glance(at: position, statusFields, for: &world.accounts[account], at: instant)
        switch glance {
        case .atWork:
            let (client, group) = (Int(running[slot].client), group(of: running[slot].client))
            running[slot].machine.receiveProcessing(now: now - running[slot].startedAt)
            if hasBank[group] { banks[client] = running[slot].machine.retry.tokens }
            tallies[group].answered(at: now, isUseful: true)
            return .atWork
        case .untouched: return perform(queuedRequest(.status, from: 0, slot)).map { .answer($0) } ?? .later
        case .struck(let struck):
            let queued = queuedRequest(.status, from: 0, slot)
            let request = request(for: queued)
            guard case .keyed(.status(let query)) = world.engine.receive(request, port: world.setup.port) else {
                preconditionFailure("a poll asks for a status")
            }
            let decision = world.engine.decide(
                struck, .status(query), request, for: &world.accounts[account], at: instant)
            return follow(decision, queued, request).map { .answer($0) } ?? .later
        }
    }

    private mutating func enqueue(_ request: QueuedRequest, at start: Int64) {
        let place: Int32
        if let free = freeQueued.popLast() {
            place = free
            queued[Int(place)] = request
        } else {
            place = Int32(queued.count)
            queued.append(request)
        }
        queue.add(Event(happening: .work, slot: place), at: start)
    }

    /// The service takes up a request that has waited; whether its client still does is not the service's to know.
    mutating func work(_ place: Int) {
        let request = queued[place]
        freeQueued.append(Int32(place))
        let slot = Int(request.job)
        guard let answer = perform(request), running[slot].exchange == request.exchange else { return }
        expect(.init(answer: answer, at: now), slot)
    }

    /// An answer is on its way; where another one comes earlier, as with a call that was sent twice, that one counts.
    private mutating func expect(_ pending: RunningJob.Pending, _ slot: Int) {
        if let other = running[slot].pending {
            guard pending.at <= other.at else {
                if let ending = pending.ending { end(ending, as: .clientLeft) }
                return
            }
            if let ending = other.ending { end(ending, as: .clientLeft) }
        }
        running[slot].pending = pending
        queue.add(Event(happening: .answer, slot: Int32(slot), exchange: running[slot].exchange), at: pending.at)
    }

    /// Lets the engine decide, and plays its answer.
    ///
    /// - Returns: The answer if it is complete now; otherwise it is on its way, or nobody waits for it.
    private mutating func perform(_ queued: QueuedRequest) -> Answer? {
        let request = request(for: queued)
        let decision = decide(queued, request, at: Instant(nanoseconds: now))
        return follow(decision, queued, request)
    }

    /// Plays what the engine decided.
    private mutating func follow(_ decision: Decision, _ queued: QueuedRequest, _ request: Request) -> Answer? {
        let instant = Instant(nanoseconds: now)
        if queued.call == .generate, decision.event.task != nil {
            tasks.append(
                MadeTask(
                    account: queued.account, position: Int32(world.accounts[Int(queued.account)].taskCount - 1),
                    job: queued.ordinal, client: queued.client))
        }
        if case .plan(let plan) = decision.answer {
            // By far the most answers: whole, and at once.
            if case .plain(let bytes) = plan.body, queued.end <= now {
                recorder?.note(
                    key: keys[Int(queued.account)], request: request, at: instant, answer: plan,
                    isRejected: queued.isRejected)
                return Self.response(plan, bytes: bytes, isComplete: true)
            }
            return play(plan, decision, queued, request, isFile: false)
        }
        let decided = SimulatedWorld.Decided(decision: decision, account: Int(queued.account))
        guard let plan = try? world.plan(of: decided, for: request, at: instant) else { return nil }
        return play(plan, decision, queued, request, isFile: true)
    }

    /// A poll's bytes are the same each time, so that they are read once: reading is a function of nothing else.
    private mutating func decide(_ queued: QueuedRequest, _ request: Request, at instant: Instant) -> Decision {
        let slot = Int(queued.job)
        if queued.call == .status, running[slot].exchange == queued.exchange, !queued.isRejected {
            if running[slot].poll == nil,
                case .keyed(.status(let query)) = world.engine.receive(request, port: world.setup.port)
            {
                running[slot].poll = .status(query)
            }
            if let ask = running[slot].poll {
                return world.engine.decide(
                    ask, request, for: &world.accounts[Int(queued.account)], at: world.time(instant))
            }
        }
        guard let decided = world.decide(request, at: instant, isRejected: queued.isRejected) else {
            preconditionFailure("a fleet asks for nothing but generates, statuses and files")
        }
        return decided.decision
    }

    private mutating func play(
        _ plan: ResponsePlan, _ decision: Decision, _ queued: QueuedRequest, _ request: Request, isFile: Bool
    ) -> Answer? {
        let slot = Int(queued.job)
        let isStream = isFile && (plan.status == 200 || plan.status == 206)
        let played = Playback(
            plan, from: queued.end, limit: queued.limit, patience: isStream ? queued.patience : nil,
            keepsBytes: !isStream)
        if recorder != nil {
            let isAtOnce = played.at == now && played.outcome == .completed
            recorder?.note(
                key: keys[Int(queued.account)], request: request, at: Instant(nanoseconds: now), answer: plan,
                isRejected: queued.isRejected,
                ended: isAtOnce ? nil : Bundle.Ended(at: Instant(nanoseconds: played.at), played.outcome))
        }
        let answer = Self.answer(
            plan, played, isStream: isStream, from: plan.status == 206 ? queued.from : 0,
            fault: decision.treatment?.fault.kind)
        var ending: Ending?
        let account = Int(queued.account)
        if decision.isTracked, let sequence = decision.sequence, !world.accounts[account].world.journal.keepsNothing {
            ending = Ending(account: account, sequence: sequence, outcome: played.outcome)
        }
        if played.at <= now {
            if let ending {
                world.accounts[ending.account].exchangeEnded(
                    ending.sequence, ending.outcome, at: world.time(Instant(nanoseconds: now)))
            }
            return answer
        }
        guard running[slot].exchange == queued.exchange else { return nil }
        expect(.init(answer: answer, at: played.at, ending: ending), slot)
        return nil
    }

    /// What a client sees of an answer.
    ///
    /// - Parameters:
    ///   - isStream: Whether it is a file, or a part of one.
    ///   - from: The first byte of the part.
    ///   - fault: What was done to the answer; the bytes of files are stand-ins, which no client could find broken.
    static func answer(
        _ plan: ResponsePlan, _ played: Playback, isStream: Bool, from: Int, fault: Fault.Kind?
    ) -> Answer {
        guard played.hasHead else { return .failure(.lost) }
        guard isStream else { return response(plan, bytes: played.bytes, isComplete: played.isComplete) }
        var defect: FileDefect?
        if played.isComplete {
            switch fault {
            case .corrupt(.zip): defect = .checksum
            case .corrupt(.json), .corrupt(.utf8): defect = .broken
            // A cut whose length is announced as if it were all; the file's own end mark is missing.
            case .truncate(let truncation) where truncation.isHonest: defect = .cut
            // Another page in the place of the file.
            case .status: defect = .page
            default: break
            }
            if from + played.byteCount == 0 { defect = .empty }
        }
        return .file(
            Answer.Transfer(
                heldCount: from + played.byteCount, isComplete: played.isComplete, kind: .other, defect: defect))
    }

    static func response(_ plan: ResponsePlan, bytes: [UInt8], isComplete: Bool) -> Answer {
        var wait: Duration?
        if !plan.fields.isEmpty, let field = plan.fields.first(where: { $0.name == "Retry-After" }) {
            let date = plan.fields.first { $0.name == "Date" }
            wait = RetryAfter.wait(field.value, date: date?.value, now: 0)
        }
        return .response(
            Answer.Response(status: plan.status, body: bytes, retryAfter: wait, isComplete: isComplete))
    }

    // MARK: Requests

    private func request(for queued: QueuedRequest) -> Request {
        switch queued.call {
        case .generate:
            var fields = generateFields
            let authorization = Self.bearer + keys[Int(queued.account)]
            Self.authorization.withUnsafeBytes { name in
                authorization.withUnsafeBytes { fields.append(name: name, value: $0) }
            }
            let body = bodies[Int(queued.kind)].body(ofJob: Int(queued.ordinal))
            return Request(method: .post, target: Self.generateTarget, fields: fields, body: body)
        case .status:
            return Request(
                method: .get, target: queued.target, fields: statusFields, isOnReusedConnection: true)
        case .download:
            var fields = statusFields
            if queued.from > 0 { fields.append(name: "Range".utf8, value: "bytes=\(queued.from)-".utf8) }
            return Request(
                method: .get, target: queued.target + Self.downloadSuffix, fields: fields, isOnReusedConnection: true)
        }
    }

    private static let generateTarget = Array("\(Contract.generatePath)".utf8)
    private static let bearer = Array("Bearer ".utf8)
    private static let authorization = Array("Authorization".utf8)
    private static let downloadSuffix = Array("&download=true".utf8)

    /// Notes the task that a job has got.
    mutating func know(_ task: String, _ slot: Int) {
        let account = Int(running[slot].account)
        var target: [UInt8] = []
        target.reserveCapacity(112)
        target.append(literal: Contract.statusPath)
        target.append(literal: "?apiKey=")
        target += encodedKeys[account]
        target.append(literal: "&taskId=")
        target += Array(task.utf8)
        running[slot].statusTarget = target
        guard let id = TaskID(hex: target.suffix(32)) else { return }
        running[slot].task = world.accounts[account].position(of: id).map { Int32($0) } ?? -1
    }

    /// Lets go of the task of a job.
    mutating func forget(_ slot: Int) {
        running[slot].statusTarget = []
        running[slot].poll = nil
        running[slot].task = -1
        running[slot].seenAt = -1
    }

    /// Notes how long the task of a job took, and how late that was seen.
    private mutating func watch(_ job: RunningJob) {
        guard livesByClock else { return }
        let account = Int(job.account)
        let task = world.accounts[account].task(at: Int(job.task), at: world.accounts[account].lastSeen)
        tallies[group(of: job.client)].watches.append(
            PollBound.Watch(
                kind: job.kind, life: task.dueAt.nanoseconds - task.acceptedAt.nanoseconds,
                lag: max(0, job.seenAt - task.dueAt.nanoseconds)))
    }

    mutating func finish(_ slot: Int, _ result: Result<JobResult, ClipriseError>) {
        let job = running[slot]
        let group = group(of: job.client)
        tallies[group].pollsPerJob.append(job.polls)
        tallies[group].requestsPerJob.append(job.calls)
        switch result {
        case .success:
            tallies[group].done += 1
            tallies[group].timesToResult.append(now - job.arrivedAt)
            if job.task >= 0 {
                fetched.insert(MadeTask.key(job.account, job.task))
                watch(job)
            }
        case .failure(let error):
            if let outage, job.startedAt < outage.upperBound, now >= outage.lowerBound {
                tallies[group].lostInOutage += 1
            }
            tallies[group].error(error.kind.name)
            switch error.kind.ending {
            case .refused: tallies[group].failed += 1
            case .unknown:
                tallies[group].givenUp += 1
                tallies[group].outcomeUnknown += 1
            case .givenUp: tallies[group].givenUp += 1
            }
        }
        running[slot].statusTarget = []
        running[slot].pending = nil
        running[slot].exchange &+= 1
        freeSlots.append(Int32(slot))
        if !gates.isEmpty { jobEnded(Int(job.client)) }
        comeAgain(job.client, after: job.ordinal)
    }
}
