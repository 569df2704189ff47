internal import ClipriseJSON
internal import ClipriseWire

extension Catalog {
    /// Checks and prices one generate body (contract, GEN-2 to GEN-9 and CR-1 to CR-5).
    public func check(_ body: [UInt8], policy: CheckPolicy) -> Result<Order, Refusal> {
        let read = withJSON(body) { root in
            let envelope = Envelope(root)
            let (meaning, hash) = body.withUnsafeBytes { bytes in
                var hash = BodyHash(bytes)
                let meaning = BodyMeaning.of(envelope, beside: &hash)
                return (meaning, hash.finish())
            }
            switch check(envelope, policy: policy) {
            case .success(var order):
                (order.meaning, order.bodyHash) = (meaning, hash)
                return Result<Order, Refusal>.success(order)
            case .failure(var refusal):
                (refusal.meaning, refusal.bodyHash) = (meaning, hash)
                return .failure(refusal)
            }
        }
        switch read {
        case .success(let result): return result
        case .failure(let error):
            var refusal = Refusal(
                clause: .gen2, form: .code400, message: "Request body is not a JSON object: \(error.cause(in: body))")
            refusal.bodyHash = BodyHash.of(body)
            return .failure(refusal)
        }
    }

    private func check(_ envelope: Envelope, policy: CheckPolicy) -> Result<Order, Refusal> {
        guard envelope.root.isObject else {
            return .failure(
                Refusal(
                    clause: .gen2, form: .code400,
                    message: "Request body is not a JSON object: it is \(envelope.root.kind.phrase)"))
        }
        guard let model = envelope.model, !model.isBlank else {
            return .failure(.fieldRequired("model"))
        }
        guard let id = model.utf8, let entry = entry(id) ?? anyModel(envelope, policy) else {
            let asked = model.utf8.map { String(quoting: $0) }
            return .failure(
                Refusal(
                    clause: .gen3, form: .unknownModel,
                    message: Self.unknown(asked ?? "?", meant: asked.flatMap { suggestion(for: $0) }), model: asked))
        }
        let check = check(of: entry.model)
        guard check.hasOptions, let options = envelope.options, !options.isNull else {
            return order(envelope, entry, check, options: .absent, policy)
        }
        guard let text = options.utf8 else {
            return order(envelope, entry, check, options: .wrongType(options.kind), policy)
        }
        let read = withJSON(Array(text)) { options in
            order(
                envelope, entry, check, options: options.isObject ? .object(options) : .noObject(options.kind), policy)
        }
        switch read {
        case .success(let result): return result
        case .failure(let error): return order(envelope, entry, check, options: .noJSON(error), policy)
        }
    }

    /// `model "flux2" is not in the catalogue; did you mean "flux-2"?`; put together as bytes, since many may be asked for.
    private static func unknown(_ model: String, meant: String?) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(64 + model.utf8.count + (meant?.utf8.count ?? 0))
        text.append(literal: "model \"")
        text.append(contentsOf: model.utf8)
        text.append(literal: "\" is not in the catalogue")
        if let meant {
            text.append(literal: "; did you mean \"")
            text.append(contentsOf: meant.utf8)
            text.append(literal: "\"?")
        }
        return String(decoding: text, as: UTF8.self)
    }

    private func order(
        _ envelope: Envelope, _ entry: Entry, _ check: ModelCheck, options: OptionsText, _ policy: CheckPolicy
    ) -> Result<Order, Refusal> {
        var bodyCheck = BodyCheck(
            check: check, modelIndex: entry.model, route: entry.route, envelope: envelope,
            options: options,
            policy: policy)
        do throws(Refusal) {
            return .success(try bodyCheck.order())
        } catch {
            var refusal = error
            refusal.model = check.model.id
            refusal.position = entry.model
            return .failure(refusal)
        }
    }
}
