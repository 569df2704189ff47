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
        let fact = try #require(
            Fact([
                .init(from: .assumed, value: 4), .init(from: .upstream, value: 3), .init(from: .documented, value: 1),
                .init(from: .later, value: 2),
            ]))
        #expect(fact.value == 1)
        #expect(fact.from == .documented)
        #expect(fact.statements.map(\.value) == [1, 2, 3, 4])
        #expect(Fact<Int>([]) == nil)
        let turbo = try #require(try Fixtures.builtIn.get().model("kling-2-5")?.parameter("prompt")?.maxLength)
        #expect(turbo.statements.map(\.value) == [1_000, 2_500])
        #expect(turbo.value == 1_000)
    }
}
