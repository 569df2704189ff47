internal import ClipriseWire
internal import Glibc

/// Reads a text from a file, or from standard input for `-`, without the byte order mark that some editors put before it;
/// fails for what is no text in UTF-8 by its beginning.
///
/// - Parameter kinds: What it may be of the files of this program; others are named as what they are.
func readFile(
    _ path: String, of kinds: [FileKind] = [], limit: Int = 16 << 20, mustBeFile: Bool = false
) throws -> [UInt8] {
    var bytes = try readBytes(path, limit: limit, mustBeFile: mustBeFile)
    if let format = ForeignText.format(of: bytes) { throw Failure.usage("\(path): is \(format)") }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if let kind = FileKind(of: bytes), !kinds.contains(kind) { throw Failure.usage("\(path): is \(kind.words)") }
    return bytes
}

/// Reads a file as it is, or standard input for `-`.
///
/// - Parameters:
///   - limit: The most bytes, 16 MiB.
///   - mustBeFile: Whether a pipe or a device is refused: nobody named it, and it may keep us waiting for ever.
func readBytes(_ path: String, limit: Int = 16 << 20, mustBeFile: Bool = false) throws -> [UInt8] {
    guard path != "-" else { return try readAll(STDIN_FILENO, path, limit: limit) }
    guard let kind = fileKind(path) else { throw Failure.usage("\(path): no such file") }
    guard kind != S_IFDIR else { throw Failure.usage("\(path): is a folder, not a file") }
    if mustBeFile, kind != S_IFREG { throw Failure.usage("\(path): is no regular file") }
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw unreadable(path) }
    defer { close(file) }
    return try readAll(file, path, limit: limit)
}

private func unreadable(_ path: String) -> Failure {
    Failure.usage("\(path): cannot be read: \(OutputPath.problem(errno))")
}

/// Reads to the end; `path` is for messages.
private func readAll(_ file: Int32, _ path: String, limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    // A file that grows meanwhile, or has no size, is read all the same.
    var status = stat()
    if fstat(file, &status) == 0, status.st_size > 0 { bytes.reserveCapacity(min(Int(status.st_size), limit) + 1) }
    while true {
        let chunk = try [UInt8](unsafeUninitializedCapacity: 256 << 10) { buffer, count in
            var received = read(file, buffer.baseAddress, buffer.count)
            while received < 0, errno == EINTR { received = read(file, buffer.baseAddress, buffer.count) }
            guard received >= 0 else { throw unreadable(path) }
            count = received
        }
        guard !chunk.isEmpty else { return bytes }
        bytes += chunk
        guard bytes.count <= limit else {
            throw Failure.usage("\(path): larger than \(limit >> 20) MiB")
        }
    }
}

/// The names of all entries of a folder, in no order; nil when it cannot be read.
func names(in folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names
}

/// Fails when a file could not be written, so that a long run does not end in vain.
func checkWritable(_ name: String) throws {
    let path = fileKind(name) == nil ? OutputPath.destination(of: name) : name
    let kind = fileKind(path)
    let folder = folder(of: path)
    guard kind != S_IFDIR else { throw Failure.usage("\(path): is a folder, not a file") }
    guard kind != nil || fileKind(folder) != nil else {
        throw Failure.usage("\(path): cannot be written: there is no folder \(folder)")
    }
    guard access(kind != nil ? path : folder, W_OK) == 0 else {
        throw Failure.usage("\(path): cannot be written: \(OutputPath.problem(errno))")
    }
    guard kind == nil else { return }
    // Rights alone do not show a disk that takes no files.
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else {
        throw Failure.usage("\(path): cannot be written: \(OutputPath.problem(errno))")
    }
    close(file)
    unlink(path)
}

/// Fails when two of the files that a command is to write are one; devices may be.
func checkApart(_ names: [String]) throws {
    var seen: Set<String> = []
    for name in names where name != "-" {
        let path = OutputPath.destination(of: name)
        guard fileKind(path) ?? S_IFREG == S_IFREG else { continue }
        let found = realpath(folder(of: path), nil)
        defer { free(found) }
        let real = found.map { String(cString: $0) } ?? folder(of: path)
        guard seen.insert("\(real)/\(path.split(separator: "/").last ?? "")").inserted else {
            throw Failure.usage("\(name): is to hold two things; give each a file of its own")
        }
    }
}

/// Writes a whole file anew: into the file that is there, so that it keeps its mode, a symbolic link its target, and a
/// device or a pipe stays what it is.
///
/// - Parameter isPrivate: Whether nobody but its owner may read it, when it is made here.
func writeFile(_ bytes: [UInt8], to path: String, isPrivate: Bool = false) throws {
    func problem(_ number: Int32) -> Failure {
        let reason = number == EISDIR ? OutputPath.problem(number) : "cannot be written: \(OutputPath.problem(number))"
        return Failure.usage("\(path): \(reason)")
    }
    let file = OutputPath.open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, isPrivate ? 0o600 : 0o666)
    guard file >= 0 else { throw problem(errno) }
    if let number = OutputPath.write(bytes[...], to: file) {
        close(file)
        throw problem(number)
    }
    // A disk may say only now that it is full.
    guard close(file) == 0 || errno == EINTR else { throw problem(errno) }
}

/// Makes an empty file among the temporary ones, for this user's eyes only.
func temporaryFile(ending: String) throws -> String {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var path = Array("\(folder)/cliprise-mock-XXXXXX\(ending)".utf8CString)
    let file = mkstemps(&path, Int32(ending.utf8.count))
    guard file >= 0 else { throw Failure.usage("\(folder): no file can be made there") }
    close(file)
    return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// The type bits of a file's mode, links followed; nil when there is none.
private func fileKind(_ path: String) -> mode_t? {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    return facts.st_mode & S_IFMT
}

/// The whole path of the folder that a file is in.
private func folder(of path: String) -> String {
    let mark = path.lastIndex(of: "/")
    let written = mark.map { String(path[..<$0]) } ?? ""
    guard !path.hasPrefix("/") else { return written.isEmpty ? "/" : written }
    guard let current = getcwd(nil, 0) else { return written.isEmpty ? "." : written }
    defer { free(current) }
    return String(cString: current) + (written.isEmpty ? "" : "/" + written)
}
