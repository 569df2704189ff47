internal import ClipriseWire
internal import Glibc

/// Where the file and the log of an open state file lie.
///
/// Whoever moves or deletes one of them takes what is saved from then on along, without the system refusing anything.
struct StatePlace: Sendable {
    private struct File: Sendable {
        var path: String
        var device: dev_t
        var number: ino_t

        /// Nil when nothing is there.
        init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            (self.path, device, number) = (path, facts.st_dev, facts.st_ino)
        }
    }

    private let files: [File]

    /// - Parameter real: The file itself, not a link to it.
    init(of real: String) {
        files = [real, real + "-wal"].compactMap(File.init)
    }

    /// Fails when one of them is not where it was.
    ///
    /// - Parameter path: The state file, for the error.
    func check(_ path: String) throws(StateError) {
        for file in files {
            guard let found = File(file.path), found.device == file.device, found.number == file.number else {
                throw StateError(
                    .noAccess, path,
                    "\(file.path.printable) was moved, replaced or deleted; put it back, or begin with another file")
            }
        }
    }
}
