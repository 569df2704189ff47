internal import ClipriseAdmin
internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseWire

extension Service {
    func perform(_ command: JournalCommand, _ caller: Caller) throws(AdminProblem) -> AdminAnswer? {
        switch command {
        case .list(let query, let page):
            try checkRule(query)
            return try list(query, page)
        case .export(let key, let format):
            let views = try accounts(key).map { journal(of: $0, hasContents: true) }
            switch format {
            case .jsonl: return .lines(JournalLines.write(views))
            case .har: return .json(HAR.write(views, version: Self.version))
            }
        case .stream(let key, let start): return try stream(key, start, caller)
        case .unmatched(let limit):
            var view = unmatched.view
            view.requests = Array(view.requests.suffix(limit))
            return .unmatched(view)
        case .wait(let query, let count, let timeout): return try wait(query, count, timeout, caller)
        }
    }

    /// Refuses the name of a rule that no account has or had.
    private func checkRule(_ query: EventQuery) throws(AdminProblem) {
        guard let wanted = query.filter.rule else { return }
        var known: Set<String> = []
        for cell in try accounts(query.account) { known.formUnion(cell.withLock(\.world.rules.names)) }
        guard !known.contains(wanted) else { return }
        let meant = Spelling.hint(for: wanted, in: known.sorted(), " Did")
        throw AdminProblem(
            status: 400, title: "Bad query",
            detail: "No account has or had a rule called \"\(wanted.prefix(80))\"; "
                + "GET /__admin/rules lists those there are.\(meant)")
    }

    private struct Found: Sendable {
        var realTime: Int64
        var journal: Int
        var event: JournalEvent
    }

    /// Of one account in the order of the numbers, of all in the order of real time.
    private func list(_ query: EventQuery, _ page: ListPage) throws(AdminProblem) -> AdminAnswer {
        var found: [Found] = []
        var journals: [(piece: JournalPiece, account: Int)] = []
        var evicted = 0
        for cell in try accounts(query.account) {
            let journal = read(cell, after: query.after)
            evicted += journal.evicted
            for event in journal.events where query.filter.matches(event, journal.names) {
                found.append(Found(realTime: event.realTime, journal: journals.count, event: event))
            }
            journals.append((journal, cell.position))
        }
        if query.account == nil {
            found.sort {
                ($0.realTime, $0.journal, $0.event.sequence) < ($1.realTime, $1.journal, $1.event.sequence)
            }
        }
        let views = found[page.range(in: found.count)].map { item in
            let (piece, account) = journals[item.journal]
            return piece.view(item.event, account: account, hasContent: query.hasContents)
        }
        return .events(views, total: found.count, evicted: evicted)
    }

    /// A piece of a journal with the names that it refers to.
    struct JournalPiece: Sendable {
        var events: [JournalEvent]
        /// The number of the journal's last event.
        var total: Int
        var evicted: Int
        var names: EventNames
        var key: [UInt8]
        fileprivate var label: String?
        fileprivate var journal: Journal
        fileprivate var mask: SecretMask

        /// - Parameters:
        ///   - account: The account's position among all.
        ///   - hasContent: Whether to write what an exchange said.
        func view(_ event: JournalEvent, account: Int, hasContent: Bool) -> EventView {
            EventView(
                event, names, key: key, account: account, label: label,
                content: hasContent ? journal.content(event.sequence, mask) : nil)
        }
    }

    /// - Parameter limit: The most events.
    func read(_ cell: AccountCell, after: Int, limit: Int = .max) -> JournalPiece {
        // The events are taken out outside the lock.
        let (journal, names, key, mask, label) = look(cell) { account in
            (
                account.world.journal, EventNames(account, models: models), account.key, account.mask, account.label
            )
        }
        return JournalPiece(
            events: journal.events(from: after + 1, limit: limit), total: journal.total, evicted: journal.evicted,
            names: names, key: key, label: label, journal: journal, mask: mask)
    }

    private func stream(_ key: [UInt8]?, _ start: StreamStart, _ caller: Caller) throws(AdminProblem) -> AdminAnswer {
        let cells = try accounts(key)
        guard cells.count <= EventStream.accountLimit else {
            throw AdminProblem(
                status: 409, title: "Too many accounts",
                detail: "A stream follows at most \(EventStream.accountLimit) accounts; add ?account=KEY.")
        }
        guard let exchange = caller.exchange, !caller.isHead else { return .stream(isOpen: false) }
        try watch.add(EventStream(self, exchange, key, start))
        return .stream(isOpen: true)
    }

    private func wait(
        _ query: EventQuery, _ count: Int, _ timeout: TimeSpan, _ caller: Caller
    ) throws(AdminProblem) -> AdminAnswer? {
        _ = try accounts(query.account)
        try checkRule(query)
        let answer = LaterAnswer(caller.later)
        let wait = EventWait(
            self, caller.exchange, query, count: count, timeout: timeout, answer)
        if !wait.look() {
            if caller.exchange == nil { wait.giveUp() } else { try watch.add(wait) }
        }
        return try answer.take()
    }
}
