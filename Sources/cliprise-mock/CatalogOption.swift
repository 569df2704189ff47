internal import ArgumentParser
internal import ClipriseCatalog
internal import Foundation

/// `--catalog`, which several commands take.
struct CatalogOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder of model files that replace or add to the built-in ones.", valueName: "dir"))
    var catalog: String?

    /// The built-in catalogue, with the files of the folder in place of those of the same id.
    func load() throws -> Catalog {
        do {
            guard let catalog else { return try Catalog.builtIn() }
            return try Catalog.builtIn(with: try files(in: catalog))
        } catch let error as CatalogError {
            throw Failure(code: .usage, message: error.description)
        }
    }

    private func files(in folder: String) throws -> [(name: String, text: [UInt8])] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
                .sorted()
        } catch {
            throw CatalogError.unreadable(file: folder, reason: "the folder cannot be read")
        }
        guard !names.isEmpty else { throw CatalogError.noModels(folder: folder) }
        return try names.map { name in
            let path = "\(folder)/\(name)"
            return (path, try readFile(path, mustBeFile: true))
        }
    }
}
