import ClipriseCatalog
import ClipriseJSON
import ClipriseOpenAPI
import ClipriseWire
import Testing

struct ExampleBodyTests {
    private static let catalog = Result { try Catalog.builtIn() }

    @Test func `each price has an example that a strict check takes at that price without a warning`() throws {
        let catalog = try Self.catalog.get()
        var examples: [String: Int] = [:]
        for (position, model) in catalog.models.enumerated() {
            for row in model.price.rows.indices {
                let body = ExampleBody.of(model, row: row).compact
                let order = try catalog.check(Array(body.utf8), policy: CheckPolicy(isStrict: true)).get()
                #expect(order.model == position && order.row == row, "\(body)")
                #expect(order.warnings.isEmpty, "\(body): \(order.warnings)")
                examples[model.id, default: 0] += 1
            }
        }
        // One for each published row, and one for a model without any.
        let published = try PublishedModel.all().map { ($0.model, max($0.prices.count, 1)) }
        #expect(!examples.isEmpty && examples == Dictionary(uniqueKeysWithValues: published))
    }

    @Test func `the examples pass in every edition but for the empty bodies of the snapshot`() throws {
        let catalog = try Self.catalog.get()
        let snapshot = CheckPolicy(requiresOptions: true, requiresTwins: true)
        let later = CheckPolicy(takesRootOnly: true)
        for model in catalog.models {
            let body = Array(ExampleBody.of(model, row: 0).compact.utf8)
            #expect(throws: Never.self) { try catalog.check(body, policy: later).get() }
            // The prompt at the root as well is an oddity of that edition alone.
            guard model.id != "kling-video-turbo" else { continue }
            #expect(throws: Never.self) { try catalog.check(body, policy: snapshot).get() }
        }
    }
}
