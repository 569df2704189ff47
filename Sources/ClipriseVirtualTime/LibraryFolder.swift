internal import Glibc

/// A private folder with the library in it.
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
        let bytes = Base64.decode(libraryText)
        let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw problem(path) }
        defer { close(file) }
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress?.advanced(by: sent), $0.count - sent) }
            guard count > 0 else { throw problem(path) }
            sent += count
        }
        let place = mmap(nil, bytes.count, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0)
        guard place != MAP_FAILED else { throw problem(path) }
        munmap(place, bytes.count)
    }

    private static func problem(_ path: String) -> VirtualTimeError {
        VirtualTimeError(message: "\(path): \(String(cString: strerror(errno)))")
    }
}

/// RFC 4648, section 4.
enum Base64 {
    static func decode(_ text: StaticString) -> [UInt8] {
        text.withUTF8Buffer { text in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 4 * 3)
            var (word, count): (UInt32, Int) = (0, 0)
            for letter in text {
                guard let value = value(letter) else { continue }
                word = word << 6 | value
                count += 6
                if count >= 8 {
                    count -= 8
                    bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(count)))
                }
            }
            return bytes
        }
    }

    private static func value(_ letter: UInt8) -> UInt32? {
        switch letter {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(letter) - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(letter) - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(letter) + 4
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
