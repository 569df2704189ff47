internal import Foundation
internal import Glibc

/// Reads a file, or standard input for `-`.
///
/// - Parameters:
///   - limit: The most bytes, 16 MiB.
///   - mustBeFile: Whether a pipe or a device is refused: nobody named it, and it may keep us waiting for ever.
func readFile(_ path: String, limit: Int = 16 << 20, mustBeFile: Bool = false) throws -> [UInt8] {
    let handle: FileHandle
    if path == "-" {
        handle = .standardInput
    } else {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw Failure(code: .usage, message: "\(path): no such file")
        }
        guard !isFolder.boolValue else { throw Failure(code: .usage, message: "\(path): is a folder, not a file") }
        if mustBeFile {
            var facts = stat()
            guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else {
                throw Failure(code: .usage, message: "\(path): is no regular file")
            }
        }
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

/// Writes a whole file anew: into the file that is there, so that it keeps its mode, a symbolic link its target, and a
/// device or a pipe stays what it is.
///
/// - Parameter isPrivate: Whether nobody but its owner may read it, when it is made here.
func writeFile(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws {
    func problem(_ number: Int32) -> Failure {
        let reason =
            number == EISDIR ? "is a folder, not a file" : "cannot be written: \(String(cString: strerror(number)))"
        return Failure(code: .usage, message: "\(path): \(reason)")
    }
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
    guard file >= 0 else { throw problem(errno) }
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        if count > 0 {
            rest = rest.dropFirst(count)
        } else if errno != EINTR {
            let number = errno
            close(file)
            throw problem(number)
        }
    }
    // A disk may say only now that it is full.
    guard close(file) == 0 || errno == EINTR else { throw problem(errno) }
}
