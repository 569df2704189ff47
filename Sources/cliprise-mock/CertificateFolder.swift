internal import CCertificates
internal import ClipriseWire
internal import Glibc
internal import MicroHTTPD

/// The folder with the authority of this machine and the server's certificate below it, both made when they are missing.
struct CertificateFolder {
    enum File: String, CaseIterable {
        /// The authority's certificate: what clients trust.
        case authority = "ca.pem"
        case authorityKey = "ca-key.pem"
        case server = "server.pem"
        case serverKey = "server-key.pem"
        /// The authority once more, as Java reads it; the password is `changeit`.
        case java = "ca.jks"
        /// The authority behind those that this system trusts, for clients that take one file in the place of all.
        case bundle = "bundle.pem"
    }

    let path: String

    /// - Parameter given: The folder of `--dir` or `--tls-dir`; nil for the usual one.
    /// - Throws: `Failure` when there is no usual one.
    init(_ given: String?) throws {
        if let given {
            // Commands that run elsewhere report it.
            path = given.hasPrefix("/") ? given : Self.currentFolder + "/" + given
        } else if let data = Self.folder("XDG_DATA_HOME") {
            path = data + "/cliprise-mock"
        } else if let home = Self.folder("HOME") {
            path = home + "/.local/share/cliprise-mock"
        } else {
            throw Failure.usage(
                "there is no folder for certificates: neither XDG_DATA_HOME nor HOME is set; name one with "
                    + "--dir DIR (serve and exec: --tls-dir DIR)")
        }
    }

    private static var currentFolder: String {
        guard let current = getcwd(nil, 0) else { return "." }
        defer { Glibc.free(current) }
        return String(cString: current)
    }

    /// XDG base directories must be absolute, else they are ignored.
    private static func folder(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }

    func path(of file: File) -> String { "\(path)/\(file.rawValue)" }

    // MARK: Making

    /// Makes what is missing, does not fit together, or ends soon.
    ///
    /// - Parameter now: Seconds since 1970.
    /// - Returns: What was made anew, in the order of making.
    @discardableResult
    func prepare(now: Int64 = Int64(time(nil))) throws -> [File] {
        try makeFolder()
        let lock = try lock()
        defer { close(lock) }
        var made: [File] = []
        var authority = pair(.authority, .authorityKey)
        defer { free(authority) }
        if ccert_judge_authority(&authority, now) != CCERT_GOOD {
            // One that ends is replaced; one that is broken may be somebody's mistake.
            guard authority.certificate == nil && authority.key == nil || ccert_judge_pair(&authority) == CCERT_GOOD
            else {
                throw Failure.usage(
                    "\(path): ca.pem and ca-key.pem do not belong together; move both away to get new ones")
            }
            free(authority)
            authority = ccert_pair()
            try check(ccert_make_authority(Self.host, now, &authority))
            try write(authority, .authority, .authorityKey)
            made += [.authority, .authorityKey]
        }
        var server = pair(.server, .serverKey)
        defer { free(server) }
        if ccert_judge_server(&authority, &server, Self.host, now) != CCERT_GOOD {
            free(server)
            server = ccert_pair()
            try check(ccert_make_server(&authority, Self.host, now, &server))
            try write(server, .server, .serverKey)
            made += [.server, .serverKey]
        }
        try writeForClients(authority, isNew: made.contains(.authority), now)
        return made
    }

    /// What a listener serves TLS with.
    func settings(port: UInt16) throws -> TLSSettings {
        try prepare()
        func text(_ file: File) throws -> String {
            String(decoding: try readFile(path(of: file), limit: Self.limit), as: UTF8.self)
        }
        return TLSSettings(port: port, certificate: try text(.server), key: try text(.serverKey))
    }

    private static let host = "\(Contract.host)"
    /// Bytes of a file.
    private static let limit = 1 << 20

    private func free(_ pair: ccert_pair) {
        ccert_free(pair.certificate)
        ccert_free(pair.key)
    }

    private func check(_ code: Int32) throws {
        guard code != 0 else { return }
        throw Failure(code: .start, message: "no certificate could be made: \(String(cString: ccert_reason(code)))")
    }

    private func makeFolder() throws {
        var ends = path.indices.dropFirst().filter { path[$0] == "/" }
        ends.append(path.endIndex)
        for end in ends where mkdir(String(path[..<end]), 0o700) != 0 && errno != EEXIST {
            let reason = String(cString: strerror(errno))
            guard access(String(path[..<end]), X_OK) == 0 else {
                throw Failure.usage("\(path): the folder cannot be made: \(reason)")
            }
        }
    }

    /// Two programs that start at once are not to make two authorities.
    private func lock() throws -> Int32 {
        let file = open("\(path)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0, flock(file, LOCK_EX) == 0 else {
            throw Failure.usage("\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
        return file
    }

    private func read(_ file: File) -> [UInt8]? { try? readFile(path(of: file), limit: Self.limit, mustBeFile: true) }

    private func pair(_ certificate: File, _ key: File) -> ccert_pair {
        func text(_ file: File) -> UnsafeMutablePointer<CChar>? {
            read(file).flatMap { bytes in strdup(String(decoding: bytes, as: UTF8.self)) }
        }
        return ccert_pair(certificate: text(certificate), key: text(key))
    }

    private func write(_ pair: ccert_pair, _ certificate: File, _ key: File) throws {
        guard let text = pair.certificate, let keyText = pair.key else { return }
        try write(Array(String(cString: keyText).utf8), key, mode: 0o600)
        try write(Array(String(cString: text).utf8), certificate)
    }

    /// Replaces a file as a whole, so that nobody reads half of it.
    private func write(_ bytes: [UInt8], _ file: File, mode: mode_t = 0o644) throws {
        let fresh = path(of: file) + ".new"
        unlink(fresh)
        try writeFile(bytes, to: fresh, isPrivate: true)
        guard chmod(fresh, mode) == 0, rename(fresh, path(of: file)) == 0 else {
            throw Failure.usage("\(path(of: file)): cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    // MARK: For clients

    private func writeForClients(_ authority: ccert_pair, isNew: Bool, _ now: Int64) throws {
        guard let text = authority.certificate else { return }
        if isNew || access(path(of: .java), R_OK) != 0 {
            var size = 0
            if let store = ccert_java_store(text, now, &size) {
                defer { ccert_free(store) }
                try write(Array(UnsafeRawBufferPointer(start: store, count: size)), .java)
            }
        }
        let bundle = systemAuthorities() + Array(String(cString: text).utf8)
        if read(.bundle) != bundle { try write(bundle, .bundle) }
    }

    /// What this system trusts, as PEM text; empty when it is not found.
    private func systemAuthorities() -> [UInt8] {
        let named = getenv("SSL_CERT_FILE").map { String(cString: $0) }
        let places = [
            named, "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem",
        ]
        for place in places.compactMap(\.self) where place != path(of: .bundle) {
            guard let bytes = try? readFile(place, limit: 8 << 20, mustBeFile: true), !bytes.isEmpty else { continue }
            return bytes.last == 0x0A ? bytes : bytes + [0x0A]
        }
        return []
    }
}
