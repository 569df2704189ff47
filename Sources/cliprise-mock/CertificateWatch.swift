internal import ClipriseServer
internal import ClipriseWire
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Lets a running server present a new certificate: one that was put into the folder, and one that it makes itself when
/// its own ends soon.
final class CertificateWatch {
    private let timer: any DispatchSourceTimer

    /// Looks at the file every second, and at what it says every hour.
    init(_ folder: CertificateFolder, _ server: Server) {
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "cliprise-mock.certificate"))
        let seen = Mutex(Self.mark(folder))
        let seconds = Mutex(0)
        timer.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1), leeway: .milliseconds(200))
        timer.setEventHandler {
            let isHour = seconds.withLock { seconds in
                seconds += 1
                return seconds % 3_600 == 0
            }
            do {
                if isHour { try folder.prepare() }
                let mark = Self.mark(folder)
                let isNew = seen.withLock { seen in
                    defer { seen = mark }
                    return seen != mark
                }
                guard isNew else { return }
                // The files may be half written: then what is served stays, and the next look finds them whole.
                let settings = try folder.settings(port: 0)
                seen.withLock { $0 = Self.mark(folder) }
                try server.present(settings)
                write("a new certificate is presented from now on: \(folder.path.printable)\n", to: STDERR_FILENO)
            } catch let failure as Failure {
                write("the certificate stays as it was: \(failure.message)\n", to: STDERR_FILENO)
            } catch {
                write("the certificate stays as it was: \(error)\n", to: STDERR_FILENO)
            }
        }
        timer.resume()
    }

    func stop() { timer.cancel() }

    private static func mark(_ folder: CertificateFolder) -> String {
        [CertificateFolder.File.server, .serverKey].map { file in
            var facts = stat()
            guard stat(folder.path(of: file), &facts) == 0 else { return "" }
            return "\(facts.st_mtim.tv_sec).\(facts.st_mtim.tv_nsec) \(facts.st_size) \(facts.st_ino)"
        }.joined(separator: "; ")
    }
}
