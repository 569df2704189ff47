internal import ArgumentParser
internal import ClipriseWire
internal import Glibc

struct CertificateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certificate",
        abstract: "Make the certificates of --tls, and say how clients come to trust them.",
        discussion: """
            Makes an authority of this machine (ca.pem) and a certificate below it (server.pem), where they are missing \
            or end soon; what is good stays. The authority can vouch for \(Contract.host), localhost and the \
            loopback's addresses and for nothing else, so trusting it harms no other connection. Keys are readable by \
            their owner only.

            serve --tls, exec --tls and exec --intercept do the same by themselves.

            examples:
              cliprise-mock certificate
              cliprise-mock certificate --dir ./certificates
            """)

    @Option(
        help: "Where they are kept; without it cliprise-mock in $XDG_DATA_HOME or ~/.local/share.",
        completion: .directory)
    var dir: String?

    func run() throws {
        let folder = try CertificateFolder(dir)
        let made = try folder.prepare()
        let news = made.isEmpty ? "nothing was due" : "made " + made.map(\.rawValue).joined(separator: ", ")
        write("\(folder.path.printable): \(news)\n\n\(advice(folder))", to: STDOUT_FILENO)
    }

    private func advice(_ folder: CertificateFolder) -> String {
        let authority = folder.path(of: .authority).printable
        let bundle = folder.path(of: .bundle).printable
        let java = folder.path(of: .java).printable
        return """
            Clients trust the server (serve --tls) with

              curl                 curl --cacert \(authority) …, or CURL_CA_BUNDLE=\(bundle)
              Python requests      REQUESTS_CA_BUNDLE=\(bundle)
              Python httpx, urllib, aiohttp   SSL_CERT_FILE=\(bundle)
              Node                 NODE_EXTRA_CA_CERTS=\(authority)
              Python httplib2      HTTPLIB2_CA_CERTS=\(bundle)
              Go, Ruby, PHP        SSL_CERT_FILE=\(bundle)
              Perl LWP             PERL_LWP_SSL_CA_FILE=\(bundle)
              wget                 wget --ca-certificate=\(authority) …
              Java                 JAVA_TOOL_OPTIONS='-Djavax.net.ssl.trustStore=\(java) \
            -Djavax.net.ssl.trustStorePassword=changeit'
              all of Debian, Ubuntu   sudo cp \(authority) /usr/local/share/ca-certificates/cliprise-mock.crt &&
                                   sudo update-ca-certificates
              all of Fedora        sudo cp \(authority) /etc/pki/ca-trust/source/anchors/cliprise-mock.pem &&
                                   sudo update-ca-trust

            exec --tls and exec --intercept set these variables for their command.
            bundle.pem holds what this system trusts, and ca.pem; ca.jks holds ca.pem alone.

            """
    }
}
