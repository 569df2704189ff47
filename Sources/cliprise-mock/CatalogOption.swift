internal import ArgumentParser
internal import ClipriseCatalog

/// `--catalog`, which several commands take.
struct CatalogOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder of model files that replace or add to the built-in ones.", valueName: "dir"),
        completion: .directory)
    var catalog: String?

    func load() throws -> Catalog { try loadCatalog(catalog) }
}

/// The built-in catalogue, with the files of a folder in place of those of the same id.
func loadCatalog(_ folder: String?) throws -> Catalog {
    guard let folder else { return try Catalog.builtIn() }
    return try Catalog.builtIn(with: try modelFiles(in: folder))
}

private func modelFiles(in folder: String) throws -> [(name: String, text: [UInt8])] {
    guard let names = names(in: folder)?.filter({ $0.hasSuffix(".json") }).sorted() else {
        throw CatalogError.unreadable(file: folder, reason: "the folder cannot be read")
    }
    guard !names.isEmpty else { throw CatalogError.noModels(folder: folder) }
    return try names.map { name in
        let path = "\(folder)/\(name)"
        return (path, try readFile(path, mustBeFile: true))
    }
}
