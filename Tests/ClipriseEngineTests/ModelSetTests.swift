import ClipriseScenario
import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct ModelSetTests {
    /// More models than fit two words of bits.
    static let ids = (0..<131).map { number in
        let digits = String(number)
        return "\(number % 2 == 0 ? "even" : "odd")-\(String(repeating: "0", count: 3 - digits.count))\(digits)"
    }

    @Test(arguments: [0, 1, 62, 63, 64, 65, 127, 128, 129, 130])
    func `a pattern takes in each model that it matches, wherever the catalogue lists it`(position: Int) {
        #expect(ModelSet(Glob("even-*"), of: Self.ids).contains(position) == (position % 2 == 0))
        #expect(ModelSet(Glob(Self.ids[position]), of: Self.ids).contains(position))
        #expect(!ModelSet(Glob("none-*"), of: Self.ids).contains(position))
    }

    @Test func `without a known model only a missing pattern matches`() {
        #expect(ModelSet(nil, of: Self.ids).contains(nil))
        #expect(ModelSet(nil, of: Self.ids).contains(130))
        #expect(!ModelSet(Glob("*"), of: Self.ids).contains(nil))
        #expect(!ModelSet(Glob("*"), of: Self.ids).contains(131 + 64))
    }

    @Test(arguments: [63, 64, 128])
    func `a task line with a pattern finds models beyond the 64th`(position: Int) {
        let line = TaskRule(model: Glob(Self.ids[position]))
        let book = TaskRuleBook([line], models: Self.ids)
        #expect(book.fits(0, Self.subject(position)))
        #expect(!book.fits(0, Self.subject(position - 1)))
    }

    @Test(arguments: [63, 64, 128])
    func `a rule with a pattern finds models beyond the 64th`(position: Int) throws {
        let text = "{when: {model: \(Self.ids[position])}, fault: {status: 500}}"
        let book = RuleBook([try Rule(yaml: Array(text.utf8), source: "test", name: "one")], models: Self.ids)
        func isStruck(_ model: Int?) -> Bool {
            var states = RuleStates(origin: .start)
            return states.strike(book, Self.subject(model), HeaderFields([]), seed: 1, at: .start) != nil
        }
        #expect(isStruck(position))
        #expect(!isStruck(position - 1))
        #expect(!isStruck(nil))
    }

    private static func subject(_ model: Int?) -> Subject {
        Subject(operation: .generate, model: model, task: 1, attempt: 1, prompt: [], account: Array("a".utf8))
    }
}
