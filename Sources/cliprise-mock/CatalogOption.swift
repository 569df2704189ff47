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
            return (path, try readFile(path))
        }
    }
}

/// Reads a file, or standard input for `-`.
///
/// - Parameter limit: The most bytes, 16 MiB.
func readFile(_ path: String, limit: Int = 16 << 20) throws -> [UInt8] {
    let handle: FileHandle
    if path == "-" {
        handle = .standardInput
    } else {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(code: .usage, message: "\(path): no such file")
        }
        guard !isFolder.boolValue else { throw Failure(code: .usage, message: "\(path): is a folder, not a file") }
        guard let opened = FileHandle(forReadingAtPath: path) else {
            throw Failure(code: .usage, message: "\(path): cannot be read")
        }
        handle = opened
    }
    let data = try handle.read(upToCount: limit + 1) ?? Data()
    guard data.count <= limit else { throw Failure(code: .usage, message: "\(path): larger than \(limit >> 20) MiB") }
    return Array(data)
}
