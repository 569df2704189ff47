package import ClipriseCatalog
internal import ClipriseConformance
internal import ClipriseJSON
package import ClipriseWire

/// What a request can cost, before it is sent.
package enum Price: Sendable, Hashable {
    /// No server can start a job for it.
    case nothing
    /// At most this many credits.
    case credits(Int64, what: String)
    /// The catalogue does not know; `atLeast` is what it would guess.
    case unknown(String, atLeast: Int64)

    /// The most that a request can cost, in every edition.
    ///
    /// Nothing but a POST starts a job. One that the catalogue would refuse counts as the dearest row of its model,
    /// since a server may take it all the same.
    package static func of(_ request: Request, _ catalog: Catalog) -> Price {
        guard request.method == .post, !request.body.isEmpty, mayHoldKey(request) else { return .nothing }
        switch read(request) {
        case .noJob: return .nothing
        case .odd(let why): return .unknown(why, atLeast: 0)
        case .model(let name): return price(request.body, model: name, catalog)
        }
    }

    private static func price(_ body: [UInt8], model name: String, _ catalog: Catalog) -> Price {
        // Of equals the last edition's.
        if let dearest = catalog.orders(body).reversed().max(by: { $0.credits < $1.credits }) {
            return price(of: dearest, catalog.models[dearest.model])
        }
        guard let model = catalog.model(name) else {
            return .unknown("\"\(name.prefix(80))\" is not in the catalogue", atLeast: 0)
        }
        let guess = model.price.rows.map(\.credits).max() ?? 0
        guard case .task = model.price.unit, model.price.rows.allSatisfy({ $0.from != .assumed }) else {
            return .unknown("this \(model.id) breaks a rule of its model, and so has no price", atLeast: guess)
        }
        return .credits(guess, what: "\(model.id) (its dearest row, for a body that breaks a rule)")
    }

    private static func price(of order: Order, _ model: Model) -> Price {
        if case .second(.media) = model.price.unit {
            return .unknown(
                "\(model.id) is priced by the second of media that nobody fetched", atLeast: order.credits)
        }
        guard !model.isPriceAssumed(row: order.row) else {
            return .unknown(
                "the price of \(model.id), \(DecimalText.count(order.credits, "credit")), is assumed",
                atLeast: order.credits)
        }
        if let guess = order.warnings.first(where: isBelowTruth) {
            return .unknown("\(model.id): \(guess.key) \(guess.problem)", atLeast: order.credits)
        }
        return .credits(order.credits, what: model.id)
    }

    /// Whether a warning says that a value was priced as another one, unless that is a greater number.
    private static func isBelowTruth(_ warning: Warning) -> Bool {
        let parts = warning.problem.split(separator: " has no price of its own; priced as ")
        guard parts.count == 2 else { return warning.problem.contains("no price of its own") }
        guard let given = Double(parts[0]), let taken = Double(parts[1]) else { return true }
        return given > taken
    }

    // MARK: The body

    private enum Reading {
        case noJob
        case odd(String)
        case model(String)
    }

    private static func read(_ request: Request) -> Reading {
        let read = withJSON(request.body) { json -> Reading in
            guard json.isObject else {
                return json.kind == .array && !json.elements.isEmpty ? .odd("the body is an array") : .noJob
            }
            var model: Reading = .noJob
            // Servers differ in which of two equal keys counts.
            for member in json.members where member.key.equals("model") {
                if case .model = model { return .odd("the body names its model twice") }
                guard !member.value.isNull else { continue }
                guard let name = member.value.string else { return .odd("the model is no text") }
                model = .model(name)
            }
            return model
        }
        if case .success(let reading) = read { return reading }
        let type = request.fields.first("content-type").map { String(decoding: $0, as: UTF8.self).lowercased() }
        return type?.hasPrefix("application/json") == true ? .noJob : .odd("the body is no JSON")
    }

    /// Whether anything in a request could be a key.
    private static func mayHoldKey(_ request: Request) -> Bool {
        if !request.query.isEmpty { return true }
        return (0..<request.fields.count).contains { index in
            let name = String(decoding: request.fields.name(at: index), as: UTF8.self).lowercased()
            return ["authorization", "key", "token", "cookie", "secret"].contains { name.contains($0) }
        }
    }
}
