internal import ClipriseJSON
internal import Glibc
internal import Spoiling

/// The bodies of `fixtures/prices/requests.json`: one that the server takes for each price row of each model.
enum SoundBodies {
    struct Unreadable: Error {}

    static func load() throws -> [Tree] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try file("/\(root)/fixtures/prices/requests.json")
        let read = withJSON(text) { json in json.elements.compactMap { $0[key: "body"].map { Tree($0) } } }
        let bodies = try read.get()
        guard !bodies.isEmpty else { throw Unreadable() }
        return bodies
    }

    /// A small file, whole.
    static func file(_ path: String) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { throw Unreadable() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count <= 0 { return bytes }
            bytes += piece[..<count]
        }
    }
}
