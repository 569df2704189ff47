import ClipriseCatalog
import ClipriseOpenAPI
import ClipriseWire
import Foundation
import Testing

/// Every statement of the published reference, from `fixtures/reference/checklist.tsv`, held against the catalogue.
struct ChecklistTests {
    struct Statement: Sendable, CustomTestStringConvertible {
        var number: Int
        var kind: String
        /// A model, or a clause.
        var about: String
        var key: String
        var value: String
        var words: String

        var testDescription: String { "\(number) \(kind) \(about) \(key)" }

        /// The values that pass, and those that are refused.
        var lists: (passing: [String], refused: [String]) {
            let halves = " \(value) ".components(separatedBy: " / ").map { $0.trimmingCharacters(in: .whitespaces) }
            func list(_ text: String?) -> [String] { text.map { $0.split(separator: ",").map(String.init) } ?? [] }
            return (list(halves.first), list(halves.count > 1 ? halves[1] : nil))
        }
    }

    static let statements: [Statement] = {
        let table = PublishedModel.fixtures.appending(path: "reference/checklist.tsv")
        let text = (try? String(contentsOf: table, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 6, let number = Int(parts[0]) else { return nil }
            return Statement(
                number: number, kind: parts[1], about: parts[2], key: parts[3], value: parts[4], words: parts[5])
        }
    }()

    @Test func `all 390 statements stand in the table, each once`() {
        #expect(Self.statements.map(\.number) == Array(1...390))
        #expect(Self.statements.allSatisfy { !$0.words.isEmpty })
        // What no request can show.
        #expect(Self.statements.count { $0.kind == "internal" } == 3)
    }

    /// The models that the reference names, and those of them that it prices.
    private static let named = Set(statements.filter { $0.kind == "name" }.map(\.about))
    private static let priced = Set(statements.filter { $0.kind == "price" }.map(\.about))

    @Test func `each published price of a model has a statement`() throws {
        let prices = Self.statements.filter { $0.kind == "price" }
        #expect(!Self.named.isEmpty && Self.named.isSuperset(of: Self.priced))
        let published = try PublishedModel.all()
        #expect(Self.named.isSubset(of: published.map(\.model)))
        for model in published where Self.named.contains(model.model) {
            let told = prices.filter { $0.about == model.model }.sorted { (Int($0.key) ?? 0) < (Int($1.key) ?? 0) }
            #expect(told.map(\.key) == (0..<model.prices.count).map { "\($0 + 1)" }, "\(model.model)")
            #expect(told.map(\.value) == model.prices.map { "\($0.credits)" }, "\(model.model)")
        }
    }

    @Test(arguments: statements.filter { $0.kind != "internal" })
    func `a statement holds`(statement: Statement) throws {
        let catalog = try Catalog.builtIn()
        switch statement.kind {
        case "models": #expect(Self.named.isSubset(of: catalog.models.map(\.id)))
        case "clause": try holdsClause(statement)
        case "unpriced":
            let assumed = catalog.models.filter { $0.price.rows[0].from != .documented }.map(\.id)
            #expect(Self.named.intersection(assumed) == Self.named.subtracting(Self.priced))
        case "verification":
            let found = catalog.models.filter { $0.verification?.value.rawValue == statement.key }.map(\.id)
            #expect(Set(found) == Set(statement.lists.passing))
        default:
            let model = try #require(catalog.models.first { $0.id == statement.about })
            try holds(statement, model, Trial(catalog, model))
        }
    }

    private func holdsClause(_ statement: Statement) throws {
        #expect(Clause(rawValue: statement.about) != nil)
        let transcript = PublishedModel.fixtures.appending(path: "contract/\(statement.about).txt")
        #expect(FileManager.default.fileExists(atPath: transcript.path))
    }

    private func holds(_ statement: Statement, _ model: Model, _ trial: Trial) throws {
        let value = statement.value
        switch statement.kind {
        case "name": #expect(model.name.value == value && model.name.from == .documented)
        case "price":
            let row = model.price.rows[(Int(statement.key) ?? 0) - 1]
            #expect("\(row.credits)" == value && row.unit == statement.words && row.from == .documented)
        case "references": try holdsReferences(model, Int(value) ?? 0, trial)
        case "length":
            let key = statement.key == "*prompt" ? model.parameters.first { $0.role == .prompt }?.key : statement.key
            let limit = try #require(Int(value))
            let parameter = try #require(key)
            #expect(trial.passes(parameter, .text(String(repeating: "é", count: limit))))
            #expect(!trial.passes(parameter, .text(String(repeating: "é", count: limit + 1))))
        case "values", "typed":
            for text in statement.lists.passing { #expect(trial.passes(statement.key, Trial.literal(text)), "\(text)") }
            for text in statement.lists.refused {
                #expect(!trial.passes(statement.key, Trial.literal(text)), "\(text)")
            }
        case "sums":
            for text in statement.lists.passing { #expect(trial.passes("shots", Trial.shots(text)), "\(text)") }
            for text in statement.lists.refused { #expect(!trial.passes("shots", Trial.shots(text)), "\(text)") }
        case "keys":
            for key in statement.key.split(separator: ",") {
                #expect(
                    model.parameters.contains { parameter in
                        parameter.key == key
                            || parameter.aliases?.statements.contains { $0.value.contains(String(key)) } ?? false
                    }, "\(key)")
            }
        case "needs":
            for key in statement.key.split(separator: ",") { #expect(trial.isRefused(without: String(key)) == .gen5) }
        case "twins":
            for key in statement.key.split(separator: ",") {
                #expect(trial.isRefused(withoutTwin: String(key)) == .gen8)
            }
        case "options": #expect(trial.optionsAsObject == .gen9)
        case "spares": holdsSparing(statement, trial)
        case "warned":
            #expect(trial.warned(statement.key, Trial.literal(value)).contains { $0.hasSuffix(statement.key) })
        case "unsure":
            let sure = model.parameters.filter { $0.role != .prompt && $0.keyFrom == .documented }
            #expect(sure.isEmpty, "\(sure.map(\.key))")
        default: Issue.record("no such kind: \(statement.kind)")
        }
    }

    /// What may be left out: always, in all editions but the snapshot, or where the body has something else.
    private func holdsSparing(_ statement: Statement, _ trial: Trial) {
        let keys = statement.key.split(separator: ",").map(String.init)
        switch statement.value {
        case "": #expect(trial.clause(without: keys) == nil)
        case "snapshot":
            #expect(trial.clause(without: keys) == nil)
            let snapshot = CheckPolicy(requiresOptions: true, requiresTwins: true)
            #expect(trial.clause(without: keys, policy: snapshot) != nil)
        default:
            #expect(trial.clause(without: keys) == .gen5)
            let image = (statement.value, JSONTree.text("https://media.example.com/a.png"))
            #expect(trial.clause(without: keys, with: image) == nil)
        }
    }

    private func holdsReferences(_ model: Model, _ limit: Int, _ trial: Trial) throws {
        #expect(model.maxReferences?.value == limit && model.maxReferences?.from == .documented)
        guard let list = model.parameters.first(where: { $0.role == .images && $0.type?.value == .urls }) else {
            return
        }
        func urls(_ count: Int) -> JSONTree {
            .list((0..<count).map { .text("https://media.example.com/\($0).png") })
        }
        // What the body has under another key counts too.
        let others = model.parameters.count { $0.role == .images && $0.key != list.key && trial.gives($0.key) }
        #expect(trial.passes(list.key, urls(limit - others)))
        #expect(!trial.passes(list.key, urls(limit - others + 1)))
    }
}

/// A right body of a model, with one thing changed.
private struct Trial {
    private let catalog: Catalog
    private let model: Model
    private let body: JSONTree

    init(_ catalog: Catalog, _ model: Model) {
        self.catalog = catalog
        self.model = model
        body = ExampleBody.of(model, row: 0)
    }

    /// A number where a text writes one, a quoted text, true, or the text itself.
    static func literal(_ text: String) -> JSONTree {
        if text == "true" { return true }
        if text.hasPrefix("\"") { return .text(String(text.dropFirst().dropLast())) }
        return Double(text).map { .number($0) } ?? .text(text)
    }

    static func shots(_ sum: String) -> JSONTree {
        let total = Double(sum) ?? 0
        return .list([
            ["Scene": "A", "duration": .number(total - 5)], ["Scene": "B", "duration": 5],
        ])
    }

    func passes(_ key: String, _ value: JSONTree) -> Bool {
        guard let parameter = model.parameter(key) else { return false }
        var body = body
        switch parameter.place.value {
        case .root: body[key] = value
        case .rootAndInput:
            body[key] = value
            body["input"]?[key] = value
        case .options where parameter.alsoIn?.value != .input:
            body["options"] = .text(JSONTree.object([.init(key: key, value: value)]).compact)
        case .input, .options: body["input"]?[key] = value
        }
        return clause(of: body) == nil
    }

    func gives(_ key: String) -> Bool { body["input"]?[key] != nil || body[key] != nil }

    func isRefused(without key: String) -> Clause? {
        var body = body
        body["input"]?[key] = nil
        return clause(of: body)
    }

    func clause(
        without keys: [String], with other: (key: String, value: JSONTree)? = nil, policy: CheckPolicy = CheckPolicy()
    ) -> Clause? {
        var body = body
        for key in keys {
            body[key] = nil
            body["input"]?[key] = nil
        }
        if let other { body["input"]?[other.key] = other.value }
        return clause(of: body, policy)
    }

    /// The keys that are warned of when an input has another value; empty when the body is refused.
    func warned(_ key: String, _ value: JSONTree) -> [String] {
        var body = body
        body["input"]?[key] = value
        guard case .success(let order) = catalog.check(Array(body.compact.utf8), policy: CheckPolicy()) else {
            return []
        }
        return order.warnings.map(\.key)
    }

    func isRefused(withoutTwin key: String) -> Clause? {
        var body = body
        body[key] = nil
        return clause(of: body)
    }

    var optionsAsObject: Clause? {
        guard clause(of: body) == nil else { return nil }
        var body = body
        body["options"] = [:]
        return clause(of: body)
    }

    /// The clause that refuses a body; nil when it passes.
    private func clause(of body: JSONTree, _ policy: CheckPolicy = CheckPolicy()) -> Clause? {
        guard case .failure(let refusal) = catalog.check(Array(body.compact.utf8), policy: policy) else {
            return nil
        }
        return refusal.clause
    }
}
