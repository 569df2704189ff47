internal import ClipriseWire

/// All models, found by id.
public struct Catalog: Sendable {
    /// The models in the order of their files' names.
    public let models: Models
    private let ids: ByteIndex
    private let entries: [Entry]
    /// All ids, those of routes too.
    private let words: Spelling.Words

    /// What an id selects.
    struct Entry: Sendable {
        var model: Int
        var route: Int?
    }

    /// The models of a catalogue; a built-in one is read when it is first asked for, its id is known before.
    public struct Models: RandomAccessCollection, Sendable {
        let files: [ModelFile]

        public var startIndex: Int { 0 }
        public var endIndex: Int { files.count }

        public subscript(position: Int) -> Model {
            _read { yield files[position].check.model }
        }

        public var ids: [String] { files.map(\.id) }
    }

    /// - Parameter files: The files with the names that errors carry.
    public init(files: [(name: String, text: [UInt8])]) throws(CatalogError) {
        var read: [ModelFile] = []
        for file in files {
            let model = try ModelFile(name: file.name, text: file.text)
            if let known = read.first(where: { $0.id == model.id }) {
                throw .duplicateID(id: model.id, file: file.name, firstFile: known.name)
            }
            read.append(model)
        }
        try self.init(read)
    }

    private init(_ files: [ModelFile]) throws(CatalogError) {
        models = Models(files: files)
        var ids = ByteIndex()
        var entries: [Entry] = []
        for (index, file) in files.enumerated() {
            _ = ids.add(Array(file.id.utf8))
            entries.append(Entry(model: index, route: nil))
        }
        for (index, file) in files.enumerated() {
            for (position, route) in file.routes.enumerated() {
                let id = Array(route.utf8)
                if let known = ids.number(of: id[...]) {
                    throw .duplicateID(id: route, file: file.name, firstFile: files[entries[known].model].name)
                }
                _ = ids.add(id)
                entries.append(Entry(model: index, route: position))
            }
        }
        self.ids = ids
        self.entries = entries
        words = Spelling.Words(files.flatMap { [$0.id] + $0.routes })
    }

    /// The models that are built into the binary.
    public static func builtIn() throws(CatalogError) -> Catalog {
        try Catalog(builtInFiles())
    }

    /// The built-in models with some replaced or added by a user's files.
    public static func builtIn(with files: [(name: String, text: [UInt8])]) throws(CatalogError) -> Catalog {
        try Catalog(builtInFiles()).adding(files)
    }

    /// This catalogue with some models replaced or added.
    func adding(_ files: [(name: String, text: [UInt8])]) throws(CatalogError) -> Catalog {
        var all = models.files
        for file in try Catalog(files: files).models.files {
            if let known = all.firstIndex(where: { $0.id == file.id }) {
                all[known] = file
            } else {
                all.append(file)
            }
        }
        return try Catalog(all)
    }

    private static func builtInFiles() throws(CatalogError) -> [ModelFile] {
        var files: [ModelFile] = []
        for position in 0..<ModelFile.builtInCount { files.append(try ModelFile(builtIn: position)) }
        return files
    }

    /// The text of each model's file, in the order of the models.
    public var sources: [[UInt8]] { models.files.map(\.text) }

    /// The model with this id, or with a route of this id.
    public func model(_ id: String) -> Model? {
        ids.number(of: Array(id.utf8)[...]).map { models[entries[$0].model] }
    }

    /// The id nearest to `id`, for "did you mean".
    public func suggestion(for id: String) -> String? { words.nearest(to: id) }

    func suggestion(for id: UnsafeBufferPointer<UInt8>) -> String? { words.position(nearestTo: id).map { words[$0] } }

    /// The form of a model that checks bodies.
    func check(of model: Int) -> ModelCheck { models.files[model].check }

    func entry(_ id: UnsafeBufferPointer<UInt8>) -> Entry? {
        ids.number(of: id).map { entries[$0] }
    }
}
