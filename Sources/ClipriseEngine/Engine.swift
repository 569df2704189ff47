public import ClipriseCatalog
public import ClipriseWire

/// Decides every answer of the contract.
///
/// Pure: time, bytes and accounts come in, values go out.
///
/// Every host of it takes the same steps, and holds an account's lock only for the last: `receive` finds out what is
/// asked and by whom; the host finds the account of the key, or sends the answer of `refuse`; `ask` checks and prices a
/// body; `decide` decides on the account, with all that its scenario does.
public struct Engine: Sendable {
    public let settings: EngineSettings
    public let catalog: Catalog
    let gate: HostJudge
    /// Whether a profile file gives answers in the place of the contract's.
    let hasEdition: Bool

    public init(settings: EngineSettings, catalog: Catalog) {
        self.settings = settings
        hasEdition = settings.answers != nil
        self.catalog = catalog
        gate = HostJudge(settings)
    }

    /// What a request is, before any account is looked at.
    public enum Received: Sendable {
        indirect case decided(Decision)
        /// A request of whoever has a key.
        case keyed(KeyedHead)
        /// A request to `/__admin`, which the engine leaves to others.
        case admin
    }

    /// The head of a request that names a key, before the account is looked for.
    public enum KeyedHead: Sendable {
        /// A generate, whose body is not looked at yet.
        case generate(GenerateHead)
        /// A status poll or a download.
        case status(StatusQuery)

        public var key: ArraySlice<UInt8> {
            switch self {
            case .generate(let head): head.key
            case .status(let query): query.key
            }
        }

        /// A request for a file is a status until it is answered with the file (STA-3).
        public var operation: Operation {
            switch self {
            case .generate: .generate
            case .status: .status
            }
        }
    }

    /// Who asks for a generate, and how; one piece of memory, as it goes through many hands.
    public final class GenerateHead: Sendable {
        public let key: ArraySlice<UInt8>
        /// Where the client found this server.
        public let way: Way
        /// Whether nothing but the body decides: it comes as JSON, to the path as it is documented.
        let isPlain: Bool

        init(key: ArraySlice<UInt8>, way: consuming Way, isPlain: Bool) {
            self.key = key
            self.way = way
            self.isPlain = isPlain
        }
    }

    /// What a status request asks for; one piece of memory, as it goes through many hands.
    public final class StatusQuery: Sendable {
        public let key: ArraySlice<UInt8>
        public let taskID: ArraySlice<UInt8>?
        /// What the id says, if it is one.
        let task: TaskID?
        public let wantsFile: Bool
        let hasTrailingSlash: Bool
        /// Where the client found this server.
        let way: Way

        init(
            key: ArraySlice<UInt8>, taskID: ArraySlice<UInt8>?, wantsFile: Bool, hasTrailingSlash: Bool,
            way: consuming Way
        ) {
            self.key = key
            self.taskID = taskID
            task = taskID.flatMap { TaskID(hex: $0) }
            self.wantsFile = wantsFile
            self.hasTrailingSlash = hasTrailingSlash
            self.way = way
        }
    }

    /// Reads the route, the host and the key.
    ///
    /// - Parameter port: The port that is listened on; it is also the port of the URLs that are handed out.
    public func receive(_ request: Request, port: UInt16) -> Received {
        let target = Target(request.target)
        if let refusal = refuseForeign(request, target, port: port) { return .decided(refusal) }
        if target.isBelow(Contract.adminPath) { return .admin }
        let isGenerate = target.isPath(Contract.generatePath) && request.method == .post
        let isStatus = target.isPath(Contract.statusPath) && (request.method == .get || request.method == .head)
        let operation: Operation = isGenerate ? .generate : isStatus ? .status : .other
        let found = request.fields.find("host")
        let host = found.count == 1 ? Host(target.authority ?? found.first) : nil
        switch operation {
        case .generate: return receiveGenerate(request, target, host, port: port)
        case .status: return receiveStatus(request, target, host, port: port)
        default: return .decided(inEdition(unknownRoute(request.method, target, host)))
        }
    }

    private func receiveGenerate(_ request: Request, _ target: Target, _ host: consuming Host?, port: UInt16)
        -> Received
    {
        let verdict = gate.judge(host)
        guard verdict == .accepted else {
            return .decided(inEdition(refuseHost(.generate, verdict, host, wantsFile: false, port: port)))
        }
        guard let key = bearer(request.fields) else { return .decided(refuseKey(.generate)) }
        return .keyed(
            .generate(
                GenerateHead(
                    key: key, way: Way(request, target, host, port: port),
                    isPlain: Self.saysJSON(request.fields) && !target.endsWithSlash)))
    }

    private func receiveStatus(_ request: Request, _ target: Target, _ host: consuming Host?, port: UInt16) -> Received
    {
        let query = Query(target.query)
        let places = query.places(of: "apiKey", "taskId", "download")
        let wantsFile =
            places.third.isThere
            && query.value(at: places.third)?.withUnsafeBufferPointer { $0.equals("true") } == true
        var verdict = gate.judge(host)
        // The URL that this server hands out must work when it is fetched (STA-4), so its own address is let in there.
        if verdict == .refused, wantsFile, let host, isOwn(host, port: port) { verdict = .accepted }
        guard verdict == .accepted else {
            return .decided(inEdition(refuseHost(.status, verdict, host, wantsFile: wantsFile, port: port)))
        }
        guard let key = query.value(at: places.first), !key.isEmpty else {
            return .decided(refuseKey(wantsFile ? .download : .status))
        }
        return .keyed(
            .status(
                StatusQuery(
                    key: key, taskID: query.value(at: places.second), wantsFile: wantsFile,
                    hasTrailingSlash: target.endsWithSlash, way: Way(request, target, host, port: port))))
    }

    /// The answer to a key that no account has.
    public func refuse(_ head: KeyedHead) -> Decision {
        switch head {
        case .generate: refuseKey(.generate)
        case .status(let query): refuseKey(query.wantsFile ? .download : .status)
        }
    }

    /// The answer to a key that is not good, or not any more (GEN-1, STA-1).
    public func refuseKey(_ operation: Operation, _ profile: ContractProfile? = nil) -> Decision {
        let isLater = profile ?? settings.profile == .later
        return inEdition(
            Decision(
                json(isLater ? 401 : 400, isLater ? WireBody.laterInvalidAPIKey : WireBody.invalidAPIKey),
                DecisionEvent(operation, operation == .generate ? .gen1 : .sta1)))
    }

    /// Checks and prices the body of a generate; the refusal comes as the decision that answers it.
    ///
    /// - Parameters:
    ///   - head: What was read of it.
    ///   - profile: The account's edition; nil for the engine's own.
    ///   - forms: What was found of earlier bodies.
    ///   - bodyHash: The body's `BodyHash`, where that is known already.
    public func order(
        of request: Request, _ head: GenerateHead, profile: ContractProfile? = nil, forms: BodyForms? = nil,
        bodyHash: UInt64? = nil
    ) -> Result<Order, DecidedRefusal> {
        head.isPlain
            ? order(request.body, profile: profile, forms: forms, bodyHash: bodyHash)
            : order(of: request, profile: profile)
    }

    /// Checks and prices the body of a generate; the refusal comes as the decision that answers it.
    ///
    /// - Parameter profile: The account's edition; nil for the engine's own.
    public func order(of request: Request, profile: ContractProfile? = nil) -> Result<Order, DecidedRefusal> {
        var result = Self.saysJSON(request.fields) ? order(request.body, profile: profile) : .failure(notJSON(request))
        if request.path.last == UInt8(ascii: "/") { result = Self.warned(result, Self.slashWarning) }
        return result
    }

    /// Checks and prices a body; the refusal comes as the decision that answers it.
    ///
    /// - Parameters:
    ///   - profile: The account's edition; nil for the engine's own.
    ///   - forms: What was found of earlier bodies.
    ///   - bodyHash: The body's `BodyHash`, where that is known already.
    public func order(
        _ body: [UInt8], profile: ContractProfile? = nil, forms: BodyForms? = nil, bodyHash: UInt64? = nil
    ) -> Result<Order, DecidedRefusal> {
        let hash = bodyHash ?? BodyHash.of(body)
        let profile = profile ?? settings.profile
        let isSnapshot = if case .snapshot = profile { true } else { false }
        let isLater = if case .later = profile { true } else { false }
        let policy = CheckPolicy(
            isStrict: settings.isStrict, requiresOptions: isSnapshot, requiresTwins: isSnapshot,
            takesRootOnly: isLater, takesAnyModel: settings.takesAnyModel && !settings.isStrict)
        switch catalog.check(body, policy: policy, forms: forms, bodyHash: hash) {
        case .failure(let refusal):
            return .failure(
                DecidedRefusal(
                    decision: decision(on: refusal), meaning: refusal.meaning, bodyHash: hash))
        case .success(let order):
            guard isSnapshot, catalog.models[order.model].verification?.value == .emptyBody else {
                return .success(order)
            }
            let hint =
                "\(catalog.models[order.model].id) answered with an empty body in the snapshot of 2026-04-04"
            return .failure(
                DecidedRefusal(
                    decision: inEdition(
                        Decision(
                            ResponsePlan(status: 200),
                            DecisionEvent(
                                .generate, .pro2, model: order.model, credits: 0, hint: hint,
                                warnings: order.warnings))),
                    meaning: order.meaning, bodyHash: hash))
        }
    }

    /// Accepts a checked order whose life is planned, at the latest instant of the account, or finds the account short of
    /// credits (GEN-10, GEN-11, CR-6).
    func accept(_ order: borrowing Order, at credits: Int64, plan: TaskPlan, for account: inout Account) -> Decision {
        guard let task = account.accept(order, for: credits, plan: plan, at: account.lastSeen) else {
            let isLater = account.profile(settings) == .later
            return Decision(
                json(
                    isLater ? 402 : 400,
                    isLater ? WireBody.laterInsufficientCredits : WireBody.insufficientCredits),
                DecisionEvent(
                    .generate, .gen10, model: order.model, credits: 0,
                    hint: "the price is \(credits), available are \(account.ledger.available)",
                    warnings: order.warnings))
        }
        return Decision(
            json(200, WireBody.accepted(task)),
            DecisionEvent(
                .generate, .gen11, model: order.model, credits: credits, task: task, warnings: order.warnings))
    }

    /// Answers a status poll or a download (STA-2 to STA-7) at the latest instant of the account.
    ///
    /// A request for the file is a poll until it is answered with the file (STA-3).
    func status(_ query: StatusQuery, for account: inout Account) -> Decision {
        guard let id = query.task, let position = account.position(of: id) else {
            return unknownTask(query, isGone: query.task.map(account.hasDropped) ?? false)
        }
        let now = account.lastSeen
        let glance = account.glance(at: position, at: now)
        func event(_ clause: Clause, _ operation: Operation = .status, hint: String? = nil) -> DecisionEvent {
            DecisionEvent(
                operation, clause, model: glance.model, credits: glance.credits, task: id, hint: hint,
                warnings: query.hasTrailingSlash ? [Self.slashWarning] : [])
        }
        if account.isLost(position) {
            return Decision(json(400, WireBody.invalidTaskID), event(.sta2, hint: "the scenario lost this task"))
        }
        switch glance.outcome {
        case .processing:
            return Decision(Self.processing, event(.sta3))
        case .failed(let message):
            return Decision(json(400, WireBody.failed(message)), event(.sta7))
        case .succeeded where account.flaps(position, asksForFile: query.wantsFile):
            return Decision(
                Self.processing, event(.sta3, hint: "finished, but the scenario lets it flap"))
        case .succeeded where query.wantsFile && account.isExpired(position):
            return Decision(
                ResponsePlan(status: 404), event(.sta5, .download, hint: "the scenario let this link expire"))
        case .succeeded where query.wantsFile:
            let task = account.task(at: position, at: now)
            return Decision(file: spec(of: task), event(task.shape.count > 1 ? .sta6 : .sta5, .download))
        case .succeeded:
            let asArray = account.profile(settings) == .later
            let url = fileURL(base: base(of: query.way), key: query.key, task: id)
            return Decision(json(200, WireBody.succeeded(fileURL: url, asArray: asArray)), event(.sta4))
        }
    }

    /// From acceptance to result, before chance.
    func life(of order: borrowing Order) -> TimeSpan {
        switch settings.pace {
        case .pleasant: order.isVideo ? .seconds(6) : .seconds(2)
        case .scaled(let factor):
            TimeSpan(rounding: max(0, min(order.typicalSeconds * factor * 1e9, 1e17)))
        }
    }

    /// The answer of most polls, made once.
    static let processing = ResponsePlan(
        status: 300, contentType: .json, body: .plain(WireBody.processing))

    private static let unknownModel = ResponsePlan(
        status: 400, contentType: .json, body: .plain(WireBody.invalidModelID))

    private func json(_ status: Int, _ body: [UInt8]) -> ResponsePlan {
        ResponsePlan(status: status, contentType: .json, body: .plain(body))
    }

    private func decision(on refusal: Refusal) -> Decision {
        let plan: ResponsePlan =
            switch refusal.form {
            case .code400: refusal.text.answer ?? .applicationError(refusal.text.message)
            case .empty: ResponsePlan(status: 200)
            case .unknownModel: Self.unknownModel
            }
        return inEdition(
            Decision(
                plan,
                DecisionEvent(
                    .generate, refusal.clause, model: refusal.position, credits: 0, hint: refusal.text.hint)))
    }

    /// What the file of a task is made from.
    public func spec(of task: Account.Task) -> ResultSpec {
        let model = catalog.models[task.model]
        let zipName = model.zipName?.value
        let name =
            if task.shape.count > 1, let zipName, zipName.hasSuffix(".zip") {
                String(zipName.dropLast(4))
            } else {
                "\(model.id)-\(task.id.description.prefix(8))"
            }
        return ResultSpec(
            form: task.shape.form, width: task.shape.width, height: task.shape.height, seconds: task.shape.seconds,
            hasSound: task.shape.hasSound, isTransparent: model.transparent?.value ?? false, count: task.shape.count,
            name: name, model: model.id, prompt: task.prompt, taskID: task.id.description)
    }
}

/// A refusal together with its answer; one piece of memory, as it goes through many hands.
public final class DecidedRefusal: Error, Sendable {
    public let decision: Decision
    /// As in `Order`.
    public let meaning: UInt64
    /// As in `Order`.
    public let bodyHash: UInt64?

    init(decision: Decision, meaning: UInt64, bodyHash: UInt64? = nil) {
        self.decision = decision
        self.meaning = meaning
        self.bodyHash = bodyHash
    }
}
