internal import ArgumentParser
internal import ClipriseWire
internal import MicroHTTPD

struct TLSOptions: ParsableArguments {
    @Flag(help: "Serve https:// too; certificates are made when they are missing, see the command certificate.")
    var tls = false
    @Option(
        help: "The port for https://; without it 8443, or a free one with --port 0. 0 picks a free one.",
        transform: DecimalText.readWhole)
    var tlsPort: UInt16?
    @Option(help: ArgumentHelp("Where the certificates are kept.", valueName: "dir"), completion: .directory)
    var tlsDir: String?
    @Flag(help: "Let answers that a scenario closes early end without TLS's closing word, as when a server dies.")
    var tlsSilentClose = false

    var settings: TLSChoice {
        TLSChoice(isWanted: tls, port: tlsPort, folder: tlsDir, closesSilently: tlsSilentClose)
    }
}

/// What is said about TLS, by whichever way of reading the command line.
struct TLSChoice {
    var isWanted = false
    var port: UInt16?
    var folder: String?
    var closesSilently = false

    func validate() throws {
        guard !isWanted, port != nil || folder != nil || closesSilently else { return }
        throw ValidationError("--tls-port, --tls-dir and --tls-silent-close want --tls.")
    }

    /// - Parameter plainPort: The port without TLS.
    /// - Returns: Nil when no TLS is wanted.
    func settings(plainPort: UInt16) throws -> TLSSettings? {
        guard isWanted else { return nil }
        var settings = try CertificateFolder(folder).settings(port: port ?? (plainPort == 0 ? 0 : 8_443))
        settings.closesSilently = closesSilently
        return settings
    }
}
