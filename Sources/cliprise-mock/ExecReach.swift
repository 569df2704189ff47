internal import ArgumentParser
internal import ClipriseEngine
internal import ClipriseServer
internal import ClipriseVirtualTime
internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

/// The options of `exec` about how its command reaches the server.
struct ReachOptions: ParsableArguments {
    @Flag(help: "Give the command an https:// URL, and let it trust the server.")
    var tls = false
    @Flag(help: "Be the command's proxy: a URL of the service that is fixed in its code leads here, any other fails.")
    var intercept = false
    @Option(help: ArgumentHelp("Where the certificates are kept.", valueName: "dir"), completion: .directory)
    var tlsDir: String?

    func validate() throws {
        guard tlsDir == nil || tls || intercept else {
            throw ValidationError("--tls-dir wants --tls or --intercept.")
        }
    }
}

/// TLS and the proxy of one `exec`.
struct ExecReach {
    private let options: ReachOptions
    private let folder: CertificateFolder?

    /// Makes the certificates, and lets the server have them.
    init(_ options: ReachOptions, _ configuration: inout ServerConfiguration) throws {
        self.options = options
        guard options.tls || options.intercept else {
            folder = nil
            return
        }
        // Without the proxy the documented URL leads to the real service, whatever name a handshake had.
        configuration.engine.believesServerName = options.intercept
        let folder = try CertificateFolder(options.tlsDir)
        configuration.listener.tls = try folder.settings(port: 0)
        self.folder = folder
    }

    /// The base URL with TLS; nil when there is none.
    func baseURL(of server: Server) -> String? {
        guard options.tls, let port = server.tlsPort else { return nil }
        return "https://127.0.0.1:\(port)"
    }

    /// Sets the variables by which common clients find a proxy and trust a server.
    ///
    /// - Returns: What leads programs here that ask no variable; to be kept until the command is over.
    func setEnvironment(_ server: Server, isPreloaded: Bool) -> Redirection? {
        guard let folder else { return nil }
        let bundled = [
            "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "HTTPLIB2_CA_CERTS", "PERL_LWP_SSL_CA_FILE",
        ]
        for name in bundled { setenv(name, folder.path(of: .bundle), 1) }
        for name in ["NODE_EXTRA_CA_CERTS", "DENO_CERT"] { setenv(name, folder.path(of: .authority), 1) }
        var java = [
            "-Djavax.net.ssl.trustStore=\(folder.path(of: .java))", "-Djavax.net.ssl.trustStorePassword=changeit",
        ]
        if options.intercept {
            let proxy = "http://127.0.0.1:\(server.port)"
            for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
                setenv(name, proxy, 1)
            }
            // What was in there could lead past the proxy.
            for name in ["NO_PROXY", "no_proxy"] { setenv(name, "127.0.0.1,localhost,::1", 1) }
            setenv("NODE_USE_ENV_PROXY", "1", 1)
            for scheme in ["http", "https"] {
                java += ["-D\(scheme).proxyHost=127.0.0.1", "-D\(scheme).proxyPort=\(server.port)"]
            }
            java.append("-Dhttp.nonProxyHosts=127.0.0.1|localhost|[::1]")
        }
        let given = getenv("JAVA_TOOL_OPTIONS").map { [String(cString: $0)] } ?? []
        setenv("JAVA_TOOL_OPTIONS", (given + java).joined(separator: " "), 1)
        guard options.intercept, let securePort = server.tlsPort else { return nil }
        do {
            return try Redirection(
                host: "\(Contract.host)", plainPort: server.port, securePort: securePort, isPreloaded: isPreloaded)
        } catch {
            write(
                "cliprise-mock: only programs that ask for a proxy are led here: \(error.message)\n", to: STDERR_FILENO)
            return nil
        }
    }

    /// The requests that were for another host, a line each; empty when there were none.
    func strayed(_ server: Server) -> String {
        guard options.intercept else { return "" }
        let requests = server.foreign
        guard !requests.isEmpty else { return "" }
        return "The command tried other hosts than \(Contract.host), and reached none of them: that counts as failed.\n"
            + requests.map { "  \($0)\n" }.joined()
    }
}
