internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseWire

/// One model as a page of text.
///
/// Each fact carries the letter of its provenance.
struct ModelPage {
    var model: Model
    /// What a run of conformance found; nil without one.
    var verified: AnswerEdition.Verification?

    var text: String {
        var text = "\(model.id): \(tagged(model.name))\n\n"
        var facts = TextTable(header: ["FACT", "VALUE"])
        func add<Value>(_ name: String, _ fact: Fact<Value>?, _ show: (Value) -> String = { "\($0)" }) {
            guard let fact else { return }
            facts.rows.append([name, tagged(fact, show)])
        }
        add("kind", model.kind) { $0.rawValue }
        add("result", model.result) { $0.rawValue }
        add("typical time", model.typicalSeconds) { "\($0) s" }
        add("references at most", model.maxReferences)
        add("bad input answers", model.refusal) { $0 == .empty ? "HTTP 200, empty body" : "HTTP 200, code 400" }
        add("not verified", model.verification) { $0.rawValue }
        add("alias of", model.aliasOf)
        for route in model.routes {
            let fixes = route.value.fixes.map { "\($0.key) = \($0.value)" }.joined(separator: ", ")
            facts.rows.append(["also called", "\(route.value.id) (\(fixes)) [\(route.from.letter)]"])
        }
        add("files per task", model.count)
        add("files with references", model.countWithReferences)
        add("zip", model.zipName)
        add("ratio unless asked", model.ratio)
        add("resolution unless asked", model.resolution)
        add("length unless asked", model.seconds) { "\($0) s" }
        add("length of media", model.mediaSeconds) { "\($0) s" }
        add("sound", model.sound)
        add("transparent", model.transparent)
        add("note", model.notes)
        if let verified {
            let words = verified.words(for: model.id) ?? "nothing with this model"
            facts.rows.append(["verified", "\(words) [V \(verified.day.printable)]"])
        }
        text += facts.text() + "\n" + parameters + "\n" + prices
        let verification = verified == nil ? "" : " V verified by conformance, with the day."
        return text + "\nD documented, L later edition, U upstream, A assumed; only D refuses without --strict."
            + verification + "\n"
    }

    private var parameters: String {
        var table = TextTable(header: ["PARAMETER", "PLACE", "TYPE", "NEEDED", "DEFAULT", "RULES"])
        for parameter in model.parameters {
            table.rows.append([
                "\(parameter.key) [\(parameter.keyFrom.letter)]",
                tagged(parameter.place) { $0.rawValue },
                parameter.type.map { tagged($0) { $0.rawValue } } ?? "",
                needed(parameter),
                parameter.defaultValue.map { tagged($0) } ?? "",
                rules(parameter),
            ])
        }
        return table.text()
    }

    private func needed(_ parameter: Parameter) -> String {
        if let other = parameter.requiredWithout { return "without \(tagged(other))" }
        guard let required = parameter.required, required.value else { return "" }
        return "yes [\(required.from.letter)]"
    }

    private func rules(_ parameter: Parameter) -> String {
        var rules: [String] = []
        if let allowed = parameter.allowed {
            let shown = allowed.value.prefix(12).map(\.description).joined(separator: " | ")
            let more = allowed.value.count > 12 ? " | … \(allowed.value.count) in all" : ""
            rules.append("\(shown)\(more) [\(allowed.from.letter)]")
        }
        func add<Value>(_ fact: Fact<Value>?, _ show: (Value) -> String) {
            if let fact { rules.append(tagged(fact, show)) }
        }
        add(parameter.minimum) { "≥ \(Scalar.number($0))" }
        add(parameter.maximum) { "≤ \(Scalar.number($0))" }
        add(parameter.minLength) { "≥ \($0) characters" }
        add(parameter.maxLength) { "≤ \($0) characters" }
        add(parameter.minItems) { "≥ \($0) items" }
        add(parameter.maxItems) { "≤ \($0) items" }
        add(parameter.itemsSum) { sum in
            "\(sum.key) adds up to \(sum.oneOf.map { Scalar.number($0).description }.joined(separator: " or "))"
        }
        add(parameter.aliases) { "also " + $0.joined(separator: ", ") }
        add(parameter.alsoIn) { "also in \($0.rawValue)" }
        return rules.joined(separator: "; ")
    }

    private var prices: String {
        var table = TextTable(header: ["CREDITS", "UNIT", "WHEN"])
        table.rightAligned = [0]
        for row in model.price.rows {
            let conditions = row.conditions.map { condition in
                switch condition.subject {
                case .references: "references \(condition.test)"
                case .parameter(let key): "\(key) \(condition.test)"
                }
            }
            let when = conditions.isEmpty ? "always" : conditions.joined(separator: ", ")
            table.rows.append([
                "\(row.credits) [\(row.from.letter)]", row.unit, "\(when) [\(row.conditionsFrom.letter)]",
            ])
        }
        let per: String =
            switch model.price.unit {
            case .task: "task"
            case .second(.parameter(let key)): "started second of \(key)"
            case .second(.media): "second of media that is never fetched"
            case .second(.frames(let key, let rate)): "started second, \(key) / \(rate)"
            case .block(let key, let characters): "started \(characters) characters of \(key)"
            }
        return table.text() + "per \(per) [\(model.price.unitFrom.letter)]\n"
    }

    /// A value with the letter of its source, and what lower sources say that differ.
    private func tagged<Value>(_ fact: Fact<Value>, _ show: (Value) -> String = { "\($0)" }) -> String {
        var text = "\(show(fact.value)) [\(fact.from.letter)]"
        for other in fact.statements.dropFirst() where other.value != fact.value {
            text += " (\(show(other.value)) [\(other.from.letter)])"
        }
        return text
    }
}

extension Provenance {
    var letter: String { rawValue.prefix(1).uppercased() }
}
