import ClipriseCatalog
import Testing

/// CR-1: the published rows are the only prices.
@Suite struct PriceExhaustionTests {
    /// What a hostile or careless client sends for any parameter, the likeliest first; nil leaves it out.
    static let strangers: [String?] = [
        nil, "\"zzz\"", "1", "\"5\"", "true", "-1", "1e300", "[\"5\"]", "null", "\"\"", "0", "2", "7", "5.5",
        "18446744073709551615", "\"-7\"", "false", "\"true\"", "[]", "{}",
    ]

    @Test(arguments: Fixtures.models)
    func `no combination of values has a price that is not in the table, and each row has one`(id: String) throws {
        let catalog = try Fixtures.builtIn.get()
        let model = try #require(catalog.model(id))
        let rows = try prices(of: id)
        var reached: Set<Int> = []
        let ids = [id] + model.routes.map(\.value.id)
        for (route, sent) in ids.enumerated() {
            let start = try Fixtures.body(id).setting("model", JSONText.quoted(sent))
            for body in bodies(from: start, model) {
                guard case .success(let order) = catalog.check(body.bytes, policy: CheckPolicy()) else { continue }
                let multiplier = model.price.unit == .task ? 1 : order.multiplier
                guard rows.indices.contains(order.row), (1...3_600).contains(multiplier),
                    order.multiplier == multiplier, order.credits == rows[order.row] * multiplier
                else {
                    Issue.record("\(order.credits) credits for \(String(decoding: body.bytes, as: UTF8.self))")
                    return
                }
                if route == 0 { reached.insert(order.row) }
            }
        }
        #expect(reached.sorted() == Array(rows.indices))
    }

    /// The credits of each row, from the reference and, where it has none, from the assumed request.
    private func prices(of id: String) throws -> [Int64] {
        let published = try #require(Fixtures.published.first { $0.model == id }).prices.map(\.credits)
        guard published.isEmpty else { return published }
        return Fixtures.assumedRequests.filter { $0.model == id }.map(\.credits)
    }

    /// All combinations of the values of those parameters that the price depends on.
    private func bodies(from start: TestBody, _ model: Model) -> [TestBody] {
        var bodies = [start]
        let selectors = selectors(of: model)
        for (path, parameter) in selectors {
            // Three selectors make products of ten thousands; the likeliest strangers must do there.
            let values = values(of: parameter, strangers: selectors.count > 2 ? 8 : Self.strangers.count)
            bodies = bodies.flatMap { body in values.map { body.setting(path, $0) } }
        }
        return bodies
    }

    private func selectors(of model: Model) -> [(path: String, parameter: Parameter)] {
        var selectors: [(path: String, parameter: Parameter)] = []
        for condition in model.price.rows.flatMap(\.conditions) {
            let key: String
            switch condition.subject {
            case .references: key = model.parameters.first { $0.role == .images }?.key ?? ""
            case .parameter(let named): key = named
            }
            guard let parameter = model.parameter(key) else { continue }
            let path = "\(parameter.place.value == .options ? "options" : "input").\(key)"
            if !selectors.contains(where: { $0.path == path }) { selectors.append((path, parameter)) }
        }
        return selectors
    }

    private func values(of parameter: Parameter, strangers: Int) -> [String?] {
        var values = Array(Self.strangers.prefix(strangers))
        if parameter.itemsSum != nil {
            for durations in ["10", "15", "25", "4,6", "10.5,4.5", "12", "-5,15", "\"25\"", "1e300", "2.1,3.3,4.6"] {
                let items = durations.split(separator: ",").map { "{\"Scene\":\"s\",\"duration\":\($0)}" }
                values.append("[" + items.joined(separator: ",") + "]")
            }
        }
        if parameter.role == .images {
            values += ["\"https://a.example/1.png\"", "[\"https://a.example/1.png\"]", "[\"\"]"]
        }
        if parameter.type?.value == .boolean { values += ["true", "false"] }
        for scalar in parameter.allowed?.statements.flatMap(\.value) ?? [] {
            switch scalar {
            case .text(let text):
                values += [text, text.lowercased(), text.uppercased()].map { JSONText.quoted($0) }
            case .number: values += ["\(scalar)", "\(scalar).0", "\"\(scalar)\""]
            case .boolean: values.append("\(scalar)")
            }
        }
        var seen: Set<String> = []
        return values.filter { seen.insert($0 ?? "absent").inserted }
    }
}
