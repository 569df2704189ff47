public import Glibc

/// Where output goes: the file behind links, opening what may be a pipe, and writing all of it.
public enum OutputPath {
    /// The file that a name leads to through symbolic links, though nothing may be there yet.
    public static func destination(of name: String) -> String { destination(of: name, depth: 0) }

    private static func destination(of name: String, depth: Int) -> String {
        var letters = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlink(name, &letters, letters.count)
        guard depth < 40, count > 0 else { return name }
        let target = String(decoding: letters.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let folder = name.lastIndex(of: "/").map { String(name[...$0]) } ?? ""
        return destination(of: target.hasPrefix("/") ? target : folder + target, depth: depth + 1)
    }

    /// Opens what is written to, as `open` does.
    ///
    /// Of a pipe a reader is waited for, and not for ever, since no signal would end that: after five seconds it is ENXIO.
    public static func open(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
        var facts = stat()
        guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFIFO else { return Glibc.open(path, flags, mode) }
        for _ in 0..<250 {
            let file = Glibc.open(path, flags | O_NONBLOCK, mode)
            guard file < 0, errno == ENXIO else {
                if file >= 0 { _ = fcntl(file, F_SETFL, fcntl(file, F_GETFL) & ~O_NONBLOCK) }
                return file
            }
            usleep(20_000)
        }
        errno = ENXIO
        return -1
    }

    /// Writes all of the bytes; where the reader of a pipe is slow and the pipe does not wait by itself, this waits.
    ///
    /// - Returns: The system's number when not all could be written.
    public static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Int32? {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&wait, 1, -1)
            } else if errno != EINTR {
                return errno
            }
        }
        return nil
    }

    /// Why an output cannot be opened or written, by the system's number.
    public static func problem(_ number: Int32) -> String {
        switch number {
        case EISDIR: "is a folder, not a file"
        case ENXIO: "nobody reads from this pipe"
        default: String(cString: strerror(number))
        }
    }
}
