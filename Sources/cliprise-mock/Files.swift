internal import Foundation
internal import Glibc

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

/// Fails when a file could not be written, so that a long run does not end in vain.
func checkWritable(_ path: String) throws {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    guard !isFolder.boolValue else { throw Failure(code: .usage, message: "\(path): is a folder, not a file") }
    guard exists || FileManager.default.fileExists(atPath: folder) else {
        throw Failure(code: .usage, message: "\(path): cannot be written: there is no folder \(folder)")
    }
    guard FileManager.default.isWritableFile(atPath: exists ? path : folder) else {
        throw Failure(code: .usage, message: "\(path): cannot be written")
    }
    guard !exists else { return }
    // Rights alone do not tell of a disk that takes no files.
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw Failure(code: .usage, message: "\(path): cannot be written") }
    close(file)
    unlink(path)
}

/// Writes a whole file anew.
///
/// - Parameter isPrivate: Whether nobody but its owner may read it.
func writeFile(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws {
    let attributes: [FileAttributeKey: Any]? = isPrivate ? [.posixPermissions: 0o600] : nil
    guard FileManager.default.createFile(atPath: path, contents: Data(bytes), attributes: attributes) else {
        throw Failure(code: .usage, message: "\(path): cannot be written")
    }
}
