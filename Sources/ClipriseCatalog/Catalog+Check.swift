internal import ClipriseJSON
internal import ClipriseWire

extension Catalog {
    /// Checks and prices one generate body (contract, GEN-2 to GEN-9 and CR-1 to CR-5).
    ///
    /// - Parameters:
    ///   - forms: What was found of earlier bodies; changes how long a check takes, never what it finds.
    ///   - bodyHash: Kept with the order.
    public func check(_ body: [UInt8], policy: CheckPolicy, forms: BodyForms? = nil, bodyHash: UInt64? = nil)
        -> Result<Order, Refusal>
    {
        if let outcome = forms?.outcome(of: body, policy, bodyHash) { return outcome }
        let read = withJSON(body) { root in
            let envelope = Envelope(root)
            let outcome = check(envelope, policy, bodyHash)
            forms?.learn { BodyForm(body, envelope, outcome, model(of: outcome).map { self.check(of: $0) }, policy) }
            return outcome
        }
        switch read {
        case .success(let outcome): return outcome
        case .failure(let error):
            return .failure(
                Refusal(.gen2, .code400, RefusalText("Request body is not a JSON object: \(error.cause(in: body))")))
        }
    }

    private func model(of outcome: Result<Order, Refusal>) -> Int? {
        switch outcome {
        case .success(let order): order.model
        case .failure(let refusal): refusal.position
        }
    }

    private func check(_ envelope: Envelope, _ policy: CheckPolicy, _ bodyHash: UInt64?) -> Result<Order, Refusal> {
        let meaning = BodyMeaning.of(envelope)
        do throws(Refusal) {
            var order = try order(of: envelope, policy)
            (order.meaning, order.bodyHash) = (meaning, bodyHash)
            return .success(order)
        } catch {
            var refusal = error
            refusal.meaning = meaning
            return .failure(refusal)
        }
    }

    private func order(of envelope: Envelope, _ policy: CheckPolicy) throws(Refusal) -> Order {
        guard envelope.root.isObject else {
            throw Refusal(
                .gen2, .code400,
                RefusalText("Request body is not a JSON object: it is \(envelope.root.kind.phrase)"))
        }
        guard let model = envelope.model, !model.isBlank else { throw .fieldRequired("model") }
        guard let id = model.utf8, let entry = entry(id) ?? anyModel(envelope, policy) else {
            throw Refusal(.gen3, .unknownModel, RefusalText(unknown(model.utf8)))
        }
        let check = check(of: entry.model)
        guard check.hasOptions, let options = envelope.options, !options.isNull else {
            return try order(envelope, entry, check, options: .absent, policy)
        }
        guard let text = options.utf8 else {
            return try order(envelope, entry, check, options: .wrongType(options.kind), policy)
        }
        let read = try withJSON(Array(text)) { (options) throws(Refusal) in
            try order(
                envelope, entry, check, options: options.isObject ? .object(options) : .noObject(options.kind), policy)
        }
        switch read {
        case .success(let order): return order
        case .failure(let error): return try order(envelope, entry, check, options: .noJSON(error), policy)
        }
    }

    /// Says, for example, `model "flux2" is not in the catalogue; did you mean "flux-2"?`.
    ///
    /// - Parameter id: Nil for one that is no text.
    private func unknown(_ id: UnsafeBufferPointer<UInt8>?) -> String {
        guard let id else { return #"model "?" is not in the catalogue"# }
        var asked = String(quoting: id)
        return asked.withUTF8 { asked in
            guard var meant = suggestion(for: asked) else {
                return String(joining: #"model ""#, asked, #"" is not in the catalogue"#)
            }
            return meant.withUTF8 { meant in
                String(joining: #"model ""#, asked, #"" is not in the catalogue; did you mean ""#, meant, #""?"#)
            }
        }
    }

    private func order(
        _ envelope: Envelope, _ entry: Entry, _ check: ModelCheck, options: OptionsText, _ policy: CheckPolicy
    ) throws(Refusal) -> Order {
        var bodyCheck = BodyCheck(
            check: check, modelIndex: entry.model, route: entry.route, envelope: envelope,
            options: options,
            policy: policy)
        do throws(Refusal) {
            return try bodyCheck.order()
        } catch {
            var refusal = error
            refusal.position = entry.model
            throw refusal
        }
    }
}
