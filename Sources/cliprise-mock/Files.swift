internal import Foundation

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

/// Writes a whole file anew.
func writeFile(_ bytes: [UInt8], to path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else {
        throw Failure(code: .usage, message: "\(path): cannot be written")
    }
}
