import ClipriseCatalog
import ClipriseJSON
import ClipriseOpenAPI
import ClipriseWire
import Testing

struct DocumentTests {
    private func document(_ profile: ContractProfile = .documented) throws -> JSONTree {
        ContractDocument(try Catalog.builtIn(), profile, version: "0").tree
    }

    private func at(_ path: String..., in tree: JSONTree) throws -> JSONTree {
        var place = tree
        for key in path { place = try #require(place[key], "no \(key)") }
        return place
    }

    @Test(arguments: ContractProfile.allCases)
    func `the document is JSON, compact and pretty alike`(profile: ContractProfile) throws {
        let document = try document(profile)
        for text in [document.compact, document.pretty] {
            guard case .success(true) = withJSON(Array(text.utf8), { $0.isObject }) else {
                Issue.record("not JSON: \(text.prefix(100))")
                continue
            }
        }
    }

    @Test func `all models are told apart by their ids, the routed ones among them`() throws {
        let schema = try at("components", "schemas", "generate", in: document())
        guard case .list(let models)? = schema["oneOf"],
            case .object(let mapping)? = schema["discriminator"]?["mapping"]
        else {
            Issue.record("no choice of models")
            return
        }
        #expect(models.count == (try Catalog.builtIn().models.count))
        #expect(mapping.contains { $0.key == "veo-3-fast" } && mapping.contains { $0.key == "flux-kontext-pro" })
    }

    static let keywords: [(model: String, key: String, keyword: String, value: JSONTree, from: String)] = [
        ("qwen-image-2", "prompt", "maxLength", 800, "documented"),
        ("qwen-image-2", "seed", "maximum", 999_999, "documented"),
        ("qwen-image-2", "image_size", "enum", ["1:1", "3:4", "4:3", "9:16", "16:9"], "documented"),
        ("qwen-image", "num_inference_steps", "minimum", 2, "documented"),
        ("ideogram-reframe", "style", "not", ["enum": ["FICTION"]], "documented"),
        ("kling-3", "multi_shots", "type", "boolean", "upstream"),
        ("seedream-v4", "max_images", "maximum", 6, "documented"),
    ]

    @Test(arguments: keywords)
    func `a keyword stands with its source`(
        model: String, key: String, keyword: String, value: JSONTree, from: String
    ) throws {
        let parameter = try at("components", "schemas", "input.\(model)", "properties", key, in: document())
        #expect(parameter[keyword] == value)
        #expect(parameter["x-provenance"]?[keyword] == .text(from))
    }

    @Test func `every keyword of every parameter has a source`() throws {
        let schemas = try at("components", "schemas", in: document())
        let unsourced: Set = ["x-provenance", "description", "items", "format", "pattern"]
        for model in try Catalog.builtIn().models {
            guard case .object(let parameters)? = schemas["input.\(model.id)"]?["properties"] else { continue }
            for parameter in parameters {
                guard case .object(let keywords) = parameter.value else { continue }
                for keyword in keywords where !unsourced.contains(keyword.key) {
                    // The bounds of an index are those of its list.
                    if keyword.key == "minimum", parameter.value["minimum"] == 0 { continue }
                    #expect(
                        parameter.value["x-provenance"]?[keyword.key] != nil,
                        "\(model.id) \(parameter.key) \(keyword.key)")
                }
            }
        }
    }

    @Test func `twins stand at the root and in input, and options is a string that holds JSON`() throws {
        let schemas = try at("components", "schemas", in: document())
        #expect(schemas["generate.gpt-image-1"]?["required"] == ["model", "callBackUrl", "input", "prompt", "size"])
        #expect(schemas["generate.runway-aleph"]?["properties"]?["videoUrl"] != nil)
        let options = schemas["generate.seedance-v1"]?["properties"]?["options"]
        #expect(options?["type"] == "string")
        #expect(options?["contentMediaType"] == "application/json")
        #expect(options?["contentSchema"]?["properties"]?["model"]?["maximum"] == 1)
        #expect(schemas["generate.sora-2"]?["properties"]?["options"] == nil)
    }

    static let answers: [(ContractProfile, String, String, String)] = [
        (.documented, "generate", "200", "GEN-11"), (.documented, "generate", "400", "GEN-10"),
        (.documented, "status", "300", "STA-3"), (.documented, "status", "400", "STA-7"),
        (.later, "generate", "401", "GEN-1"), (.later, "generate", "402", "GEN-10"), (.later, "status", "401", "STA-1"),
    ]

    @Test(arguments: answers)
    func `an answer has an example for its clause`(
        profile: ContractProfile, operation: String, status: String, clause: String
    ) throws {
        let path = operation == "generate" ? "/app/cliprise/generate" : "/app/cliprise/status"
        let method = operation == "generate" ? "post" : "get"
        let answer = try at("paths", path, method, "responses", status, in: document(profile))
        #expect(answer["content"]?["application/json"]?["examples"]?[clause] != nil)
    }

    @Test func `a request file and a collection have a body for each price, status and download`() throws {
        let catalog = try Catalog.builtIn()
        let files = RequestFiles(catalog)
        let prices = catalog.models.reduce(0) { $0 + $1.price.rows.count }
        #expect(files.http.split(separator: "\n").count { $0.hasPrefix("### ") } == prices + 2)
        guard case .list(let items)? = files.postman["item"] else {
            Issue.record("no items")
            return
        }
        #expect(items.count == catalog.models.count + 2)
        guard case .list(let requests)? = items[0]["item"] else {
            Issue.record("no requests of the first model")
            return
        }
        #expect(requests.allSatisfy { $0["request"]?["method"] == "POST" })
    }
}
