internal import ClipriseFiles
internal import ClipriseJSON

/// A model's file, whose ids are known at once and whose facts are read when the model is first used: a server that
/// starts needs no facts, and most runs those of a few models.
final class ModelFile: Sendable {
    /// The name that errors carry.
    let name: String
    let id: String
    /// The ids of the model's routes, in the order of `Model.routes`.
    let routes: [String]
    private let content: Content
    private let reading = OnceReference<ModelCheck>()

    private enum Content: Sendable {
        /// A position among the files that are built in.
        case builtIn(Int)
        case own([UInt8])
    }

    /// Reads a user's file, all of it.
    init(name: String, text: [UInt8]) throws(CatalogError) {
        let model = try Model(json: text, file: name)
        self.name = name
        id = model.id
        routes = model.routes.map(\.value.id)
        content = .own(text)
        _ = reading.keep(ModelCheck(model))
    }

    /// A built-in file, at a position among those that there are.
    init(builtIn position: Int) throws(CatalogError) {
        let text = Self.text(of: position)
        name = BuiltInFiles.catalog[position].name
        content = .builtIn(position)
        (id, routes) = try Self.ids(text, name)
    }

    static var builtInCount: Int { BuiltInFiles.catalog.count }

    var text: [UInt8] {
        switch content {
        case .builtIn(let position): Self.text(of: position)
        case .own(let text): text
        }
    }

    @inline(__always) var check: ModelCheck { reading.value ?? readFirst() }

    private func readFirst() -> ModelCheck {
        do {
            // Two threads may read at once; the one that is later takes what the other has.
            return reading.keep(ModelCheck(try Model(json: text, file: name)))
        } catch {
            preconditionFailure("a built-in model cannot be read, which a test should have seen: \(error)")
        }
    }

    private static func text(of position: Int) -> [UInt8] {
        let bytes = BuiltInFiles.catalog[position].bytes
        var text: [UInt8] = []
        // The spare bytes save the reader of JSON a copy.
        text.reserveCapacity(bytes.count + jsonPadding)
        text.append(contentsOf: bytes)
        return text
    }

    /// The ids that a file is found by; what is wrong with it is found with the rest.
    private static func ids(_ text: [UInt8], _ name: String) throws(CatalogError) -> (id: String, routes: [String]) {
        let read = withJSON(text) { json in
            var routes: [String] = []
            for from in Provenance.allCases {
                for route in json.member(from.rawValue)?.member("routes").map({ Array($0.elements) }) ?? [] {
                    routes.append(route.member("id")?.string ?? "")
                }
            }
            return (json.member("model")?.string, routes)
        }
        guard case .success((let id?, let routes)) = read else {
            let model = try Model(json: text, file: name)
            return (model.id, model.routes.map(\.value.id))
        }
        return (id, routes)
    }
}
