import Glibc

/// The files that the tests read.
enum Fixtures {
    /// The folder of the transcripts, found from this file's own place.
    static let contract = folder(#filePath) + "/../../fixtures/contract"

    static let transcripts: Result<[Transcript], any Error> = Result {
        try names(in: contract).filter { $0.hasSuffix(".txt") }.map { name in
            try Transcript(
                try text(of: "\(contract)/\(name)"), clause: String(name.dropLast(4)), path: "\(contract)/\(name)")
        }
    }

    /// The names in a folder, sorted.
    static func names(in folder: String) throws -> [String] {
        guard let handle = opendir(folder) else { throw TranscriptError("cannot read the folder \(folder)") }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    static func text(of path: String) throws -> String {
        guard let file = fopen(path, "r") else { throw TranscriptError("cannot read \(path)") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func folder(_ path: String) -> String {
        path.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" }
    }
}
