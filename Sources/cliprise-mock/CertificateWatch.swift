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
        let seen = FileMarks([CertificateFolder.File.server, .serverKey].map(folder.path(of:)))
        let seconds = Mutex(0)
        timer.schedule(deadline: .now() + .seconds(1), repeating: .seconds(1), leeway: .milliseconds(200))
        timer.setEventHandler {
            let isHour = seconds.withLock { seconds in
                seconds += 1
                return seconds % 3_600 == 0
            }
            do {
                if isHour { try folder.prepare() }
                guard seen.haveChanged() else { return }
                // The files may be half written: then what is served stays, and the next look finds them whole.
                let settings = try folder.settings(port: 0)
                seen.haveChanged()
                try server.present(settings)
                write("a new certificate is presented from now on: \(folder.path.printable)\n", to: STDERR_FILENO)
            } catch {
                write("the certificate stays as it was: \(error)\n", to: STDERR_FILENO)
            }
        }
        timer.resume()
    }

    func stop() { timer.cancel() }
}
