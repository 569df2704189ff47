import ClipriseForm
import ClipriseWire
import Foundation
import Testing

@testable import ClipriseCatalog

@Suite struct CatalogTests {
    @Test func `the built-in catalogue has the models of the reference`() throws {
        let models = try Fixtures.builtIn.get().models
        #expect(models.map(\.id).sorted() == Fixtures.models.sorted())
    }

    @Test func `the files of the folder are built in, byte by byte and in the order of their names`() throws {
        let folder = Fixtures.folder.appendingPathComponent("catalog")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        let catalog = try Fixtures.builtIn.get()
        #expect(catalog.models.map { "\($0.id).json" } == files)
        #expect(catalog.sources.count == files.count)
        for (file, source) in zip(files, catalog.sources) {
            #expect(source == Array(try Data(contentsOf: folder.appendingPathComponent(file))), "\(file)")
        }
    }

    @Test func `the ids that are known before a built-in file is read are those that it says`() throws {
        let catalog = try Catalog.builtIn()
        let models = catalog.models
        #expect(models.ids == models.map(\.id))
        #expect(
            models.ids
                == catalog.sources.map { source in
                    let text = String(decoding: source, as: UTF8.self)
                    return text.firstMatch(of: /"model":\s*"([^"]+)"/).map { String($0.1) } ?? ""
                })
        let routes = models.flatMap { model in model.routes.map { ($0.value.id, model.id) } }
        #expect(routes.count > 5)
        for (id, model) in routes { #expect(catalog.model(id)?.id == model) }
    }

    @Test func `every model reads back equal from what is written of it`() throws {
        for model in try Fixtures.builtIn.get().models {
            var writer = JSONWriter()
            writer.object { $0.members(of: model) }
            let read = try Model(json: writer.bytes, file: "\(model.id).json")
            #expect(text(read) == text(model))
        }
    }

    /// All that a model is made of.
    private func text(_ model: Model) -> String {
        var text = ""
        dump(model, to: &text)
        return text
    }

    @Test func `the schema of model files lets every key of the built-in ones through, and no other`() throws {
        let schema = try JSONSerialization.jsonObject(with: Data(Model.schema))
        for source in try Fixtures.builtIn.get().sources {
            let stray = strayKeys(of: try JSONSerialization.jsonObject(with: Data(source)), in: schema)
            #expect(stray.isEmpty)
        }
        let misspelt = #"{"model": "m", "asumed": {}, "parameters": [{"kye": "k"}], "price": {"rows": [{"wen": {}}]}}"#
        let stray = strayKeys(of: try JSONSerialization.jsonObject(with: Data(misspelt.utf8)), in: schema)
        #expect(stray.sorted() == ["asumed", "kye", "wen"])
    }

    /// The keys that a schema of objects with members of their own does not let through.
    private func strayKeys(of json: Any, in schema: Any?) -> [String] {
        let schema = schema as? [String: Any] ?? [:]
        if let list = json as? [Any] { return list.flatMap { strayKeys(of: $0, in: schema["items"]) } }
        guard let object = json as? [String: Any] else { return [] }
        let properties = schema["properties"] as? [String: Any] ?? [:]
        return object.flatMap { key, value in
            if let property = properties[key] { return strayKeys(of: value, in: property) }
            return schema["additionalProperties"] as? Bool == false ? [key] : []
        }
    }

    @Test func `threads that need a model at once for the first time get the same`() async throws {
        let catalog = try Catalog.builtIn()
        let prices = await withTaskGroup(of: [Int64].self) { group in
            for _ in 0..<8 { group.addTask { catalog.models.flatMap { $0.price.rows.map(\.credits) } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(prices.count == 8)
        #expect(Set(prices) == [try Fixtures.builtIn.get().models.flatMap { $0.price.rows.map(\.credits) }])
    }

    @Test(
        arguments: [
            ("kling-vidoe-turbo", "kling-video-turbo"), ("veo3-fast", "veo-3-fast"), ("Sora-2", "sora-2"),
            ("seedance-v1-lit", "seedance-v1-lite"), ("qwen_image", "qwen-image"), ("gpt-5-ultra-max", nil),
        ] as [(String, String?)])
    func `a misspelt id is answered with the one that was meant`(id: String, meant: String?) throws {
        #expect(try Fixtures.builtIn.get().suggestion(for: id) == meant)
    }

    @Test func `a routed id finds the family's model`() throws {
        let catalog = try Fixtures.builtIn.get()
        #expect(catalog.model("hailuo-2-3-standard")?.id == "hailuo-2-3")
        #expect(catalog.model("hailuo-2-3-gold") == nil)
    }

    @Test func `of several statements the highest authority decides and the others are kept`() throws {
        var fact = Fact(4, from: .assumed)
        (fact[.upstream], fact[.documented], fact[.later]) = (3, 1, 2)
        #expect(fact.value == 1)
        #expect(fact.from == .documented)
        #expect(fact.statements.map(\.value) == [1, 2, 3, 4])
        var none: Fact<Int>?
        none[.later] = nil
        #expect(none == nil)
        let turbo = try #require(try Fixtures.builtIn.get().model("kling-2-5")?.parameter("prompt")?.maxLength)
        #expect(turbo.statements.map(\.value) == [1_000, 2_500])
        #expect(turbo.value == 1_000)
    }
}
