internal import ClipriseAdmin
internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseLocks
internal import ClipriseMedia
internal import ClipriseScenario
internal import ClipriseWire
internal import MicroHTTPD

/// Carries out admin commands.
extension Service {
    /// Who asks, and where an answer goes that comes later.
    struct Caller: Sendable {
        var request: Request
        /// Nil for hosts that keep no exchanges.
        var exchange: ExchangeHandle?
        /// Whether only the head of an answer is wanted.
        var isHead: Bool
        /// Whether JSON is welcome in gzip.
        let prefersGzip: Bool
        let later: @Sendable (ResponsePlan) -> Void

        init(
            _ request: Request, _ exchange: ExchangeHandle? = nil,
            later: @escaping @Sendable (ResponsePlan) -> Void = { _ in }
        ) {
            self.request = request
            self.exchange = exchange
            isHead = request.method == .head
            let prefersGzip = AcceptEncoding(request.fields).prefersGzip
            self.prefersGzip = prefersGzip
            self.later = { later(Service.coded($0, gzip: prefersGzip)) }
        }
    }

    /// Nil when the answer comes later, through the caller.
    ///
    /// What may take long is carried out beside the traffic, one such request after the other.
    func answerAdmin(_ request: Request, _ caller: Caller) -> ResponsePlan? {
        guard caller.exchange != nil, AdminRoutes.isLong(request, accounts: directory.count) else {
            return answerNow(request, caller).map { Self.coded($0, gzip: caller.prefersGzip) }
        }
        longWork.add {
            if let plan = self.answerNow(request, caller) { caller.later(plan) }
        }
        return nil
    }

    /// An answer in the coding that its client prefers.
    private static func coded(_ plan: ResponsePlan, gzip: Bool) -> ResponsePlan {
        guard plan.mayBeCompressed, case .plain(let bytes) = plan.body else { return plan }
        var plan = plan
        plan.fields.append(.init("Vary", "Accept-Encoding"))
        guard gzip, let short = gzipped(bytes), short.count < bytes.count else { return plan }
        plan.fields.append(.init("Content-Encoding", "gzip"))
        plan.body = .plain(short)
        return plan
    }

    private func answerNow(_ request: Request, _ caller: Caller) -> ResponsePlan? {
        admin.answer(request) { (command) throws(AdminProblem) in try perform(command, caller) }
    }

    /// The answer of a host without a listener to what can only be answered later.
    static let needsListener = AdminProblem(
        status: 501, title: "No listener", detail: "This answer comes later, and this host keeps no connections."
    ).plan

    private func perform(_ command: AdminCommand, _ caller: Caller) throws(AdminProblem) -> AdminAnswer? {
        recordChange(by: command)
        if let trouble = configuration.state?.trouble, changesAccounts(command) {
            throw AdminProblem(
                status: 503, title: "State file cannot be written", detail: "\(trouble). Nothing was changed.",
                fields: [.init("Retry-After", "1")])
        }
        switch command {
        case .health:
            return .health(
                version: Self.version, uptime: now.monotonic.since(start), accounts: directory.count)
        case .ready: return .ready
        case .version: return .version(Self.version, catalogHash: configuration.catalog.contentHash)
        case .metrics: return .metrics(metrics)
        case .openAPI: return .openAPI(version: Self.version)
        case .page(let file): return .page(file)
        case .redirectToPage: return .redirectToPage
        case .catalog:
            return .catalog(
                configuration.catalog.models.map { model in
                    ModelView(
                        id: model.id, name: model.name.value, kind: model.kind.value.rawValue,
                        typicalSeconds: model.typicalSeconds.value)
                }, profile: configuration.engine.profile.rawValue, verified: configuration.engine.answers?.verified)
        case .scenarios:
            return .scenarios(
                ScenarioLibrary.names.map { name in (name, (try? ScenarioLibrary.load(named: name).about) ?? "") })
        case .model(let id): return .json(try source(of: id))
        case .account(let command): return try perform(command)
        case .clock(let key, let command): return try perform(command, try account(key), caller)
        case .task(let id, .file): return try file(of: id, caller)
        case .task(let id, let command): return try perform(command, id)
        case .rule(let command): return try perform(command)
        case .journal(let command): return try perform(command, caller)
        case .report(let command): return try perform(command)
        case .state(let command): return try perform(command)
        }
    }

    /// The file of a model.
    private func source(of id: String) throws(AdminProblem) -> [UInt8] {
        let catalog = configuration.catalog
        guard let position = models.firstIndex(of: id) else {
            let meant = catalog.suggestion(for: id).map { "Did you mean \($0)?" }
            throw AdminProblem(
                status: 404, title: "No such model", detail: meant ?? "GET /__admin/catalog lists the models.")
        }
        return catalog.sources[position]
    }

    // MARK: What commands share

    func account(_ key: [UInt8]) throws(AdminProblem) -> AccountCell {
        guard let cell = directory.find(key[...]) else {
            throw AdminProblem(
                status: 404, title: "No such account",
                detail: "POST /__admin/accounts makes one; GET /__admin/accounts lists those that are there.")
        }
        return cell
    }

    /// One account, or all of them.
    func accounts(_ key: [UInt8]?) throws(AdminProblem) -> [AccountCell] {
        guard let key else { return directory.all }
        return [try account(key)]
    }

    /// Looks at an account whose time is brought to now.
    func look<Result: Sendable>(_ cell: AccountCell, _ body: (inout Account) -> Result) -> Result {
        visit(cell) { account, host in
            account.settle(at: account.world.clock.now(host.monotonic), wall: host.wall)
            return body(&account)
        }
    }
}
