internal import ClipriseWire
internal import Glibc

/// Where a file goes.
struct OutputPlace: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// A regular file, or none yet; `mode` are the rights of the one that is there.
        case file(mode: UInt32?)
        /// A device, a pipe or a socket: it is written to, and stays what it is.
        case stream
    }

    /// Behind all symbolic links.
    let path: String
    let kind: Kind

    /// - Throws: `ClipriseError` when it is a folder.
    init(_ name: String) throws {
        var facts = stat()
        guard stat(name, &facts) == 0 else {
            let number = errno
            guard number != ELOOP else {
                throw ClipriseError(.cannotWrite(path: name, reason: String(cString: strerror(number))))
            }
            // A link to what is not there yet leads to the file that will be made.
            path = OutputPath.destination(of: name)
            kind = .file(mode: nil)
            return
        }
        switch facts.st_mode & S_IFMT {
        case S_IFDIR: throw ClipriseError(.cannotWrite(path: name, reason: "is a folder; name a file in it"))
        // Behind the names of open files there may be a file too, which whoever opened it goes on using.
        case S_IFREG where !name.hasPrefix("/dev/") && !name.hasPrefix("/proc/"):
            path =
                realpath(name, nil).map { resolved in
                    defer { free(resolved) }
                    return String(cString: resolved)
                } ?? name
            kind = .file(mode: facts.st_mode & 0o7777)
        default:
            path = name
            kind = .stream
        }
    }
}
