internal import CClipriseData
internal import ClipriseWire

/// All models, found by id.
package struct Catalog: Sendable {
    /// The models in the order of their files' names.
    package let models: [Model]
    /// The text of each model's file, in the same order.
    package let sources: [[UInt8]]
    let checks: [ModelCheck]
    private let ids: ByteIndex
    private let entries: [Entry]

    /// What an id selects.
    struct Entry: Sendable {
        var model: Int
        var route: Int?
    }

    /// - Parameter files: The files with the names that errors carry; a later file replaces an earlier one of its id.
    package init(files: [(name: String, text: [UInt8])]) throws(CatalogError) {
        var models: [Model] = []
        var names: [String] = []
        for file in files {
            let model = try Model(json: file.text, file: file.name)
            if let known = models.firstIndex(where: { $0.id == model.id }) {
                throw .duplicateID(id: model.id, file: file.name, firstFile: names[known])
            }
            models.append(model)
            names.append(file.name)
        }
        try self.init(models: models, names: names, sources: files.map(\.text))
    }

    private init(models: [Model], names: [String], sources: [[UInt8]]) throws(CatalogError) {
        self.models = models
        self.sources = sources
        checks = models.map(ModelCheck.init)
        var ids = ByteIndex()
        var entries: [Entry] = []
        for (index, model) in models.enumerated() {
            _ = ids.add(Array(model.id.utf8))
            entries.append(Entry(model: index, route: nil))
        }
        for (index, model) in models.enumerated() {
            for (position, route) in model.routes.enumerated() {
                let id = Array(route.value.id.utf8)
                if let known = ids.number(of: id[...]) {
                    throw .duplicateID(id: route.value.id, file: names[index], firstFile: names[entries[known].model])
                }
                _ = ids.add(id)
                entries.append(Entry(model: index, route: position))
            }
        }
        self.ids = ids
        self.entries = entries
    }

    /// The 45 models that are built into the binary.
    package static func builtIn() throws(CatalogError) -> Catalog {
        try Catalog(files: builtInFiles())
    }

    /// The built-in models with some replaced or added by a user's files.
    package static func builtIn(with files: [(name: String, text: [UInt8])]) throws(CatalogError) -> Catalog {
        let own = try Catalog(files: files)
        let builtIn = try builtIn()
        let names = files.map(\.name)
        var models = builtIn.models
        var modelNames = models.map { "\($0.id).json" }
        var sources = builtIn.sources
        for (index, model) in own.models.enumerated() {
            if let known = models.firstIndex(where: { $0.id == model.id }) {
                models[known] = model
                modelNames[known] = names[index]
                sources[known] = own.sources[index]
            } else {
                models.append(model)
                modelNames.append(names[index])
                sources.append(own.sources[index])
            }
        }
        return try Catalog(models: models, names: modelNames, sources: sources)
    }

    private static func builtInFiles() -> [(name: String, text: [UInt8])] {
        (0..<cdata_catalog_count()).map { index in
            let file = cdata_catalog_file(index)
            return (
                String(cString: file.name),
                Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
            )
        }
    }

    /// The model with this id, or with a route of this id.
    package func model(_ id: String) -> Model? {
        ids.number(of: Array(id.utf8)[...]).map { models[entries[$0].model] }
    }

    /// The id nearest to `id`, for "did you mean".
    package func suggestion(for id: String) -> String? {
        Spelling.nearest(to: id, in: models.flatMap { [$0.id] + $0.routes.map(\.value.id) })
    }

    func entry(_ id: UnsafeBufferPointer<UInt8>) -> Entry? {
        ids.number(of: id).map { entries[$0] }
    }
}
