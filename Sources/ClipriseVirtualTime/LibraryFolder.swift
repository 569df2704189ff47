internal import ClipriseWire
internal import Glibc

enum LibraryFolder {
    static let libraryName = "virtual-time.so"

    /// Makes one in the first place that code may be loaded from.
    static func make() throws(VirtualTimeError) -> String {
        let own = getenv("TMPDIR").map { String(cString: $0) }
        var reasons: [String] = []
        for place in [own, "/tmp", "/var/tmp", "/dev/shm"].compactMap(\.self) {
            // The loader splits its list at these.
            guard place.hasPrefix("/"), !place.contains(where: { ":; \t\n".contains($0) }) else { continue }
            do {
                return try make(in: place)
            } catch {
                reasons.append(error.message)
            }
        }
        throw VirtualTimeError(
            message: "found no folder to load a library from (\(reasons.joined(separator: "; "))): set TMPDIR to one "
                + "that is not mounted noexec")
    }

    /// Lets commands load the library, before all that they were to load anyway.
    static func preload(from folder: String) {
        let others = getenv("LD_PRELOAD").map { ":" + String(cString: $0) } ?? ""
        setenv("LD_PRELOAD", "\(folder)/\(libraryName)\(others == ":" ? "" : others)", 1)
    }

    static func remove(_ folder: String) {
        unlink("\(folder)/\(libraryName)")
        unlink("\(folder)/page")
        rmdir(folder)
    }

    private static func make(in place: String) throws(VirtualTimeError) -> String {
        var name = Array("\(place)/cliprise-mock-time-XXXXXX".utf8CString)
        let isMade = name.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkdtemp($0) != nil } ?? false }
        guard isMade else { throw problem(place) }
        let folder = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        let path = "\(folder)/\(libraryName)"
        do {
            try write(path)
        } catch {
            remove(folder)
            throw error
        }
        return folder
    }

    private static func write(_ path: String) throws(VirtualTimeError) {
        guard let bytes = libraryText.withUTF8Buffer({ Base64.decode(Array($0)) }) else {
            preconditionFailure("the build writes base 64")
        }
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw problem(path) }
        defer { close(file) }
        if let number = OutputPath.write(bytes[...], to: file) { throw problem(path, number) }
        let place = mmap(nil, bytes.count, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0)
        guard place != MAP_FAILED else { throw problem(path) }
        munmap(place, bytes.count)
    }

    private static func problem(_ path: String, _ number: Int32 = errno) -> VirtualTimeError {
        VirtualTimeError(message: "\(path): \(String(cString: strerror(number)))")
    }
}
