internal import CCurl
internal import ClipriseWire
internal import Glibc

/// One exchange under way.
///
/// All of it belongs to the loop's thread.
final class Transfer {
    let number: Int
    let call: HTTPCall
    let receiver: any HTTPReceiver
    /// Those that were not tried yet.
    var addresses: ArraySlice<IPAddress> = []
    /// libcurl's handle while it tries.
    private(set) var easy: UnsafeMutableRawPointer?
    /// The addresses that the present try may connect to.
    private var tried: [IPAddress] = []
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private let errorText = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
    private var reader = HeadReader()
    private var mayHaveLeft = false
    private var isStopped = false
    private var isHeadTooLong = false
    private var isPaused = false
    private let startedAt: Int64
    private var movedAt: Int64

    init(number: Int, call: HTTPCall, receiver: any HTTPReceiver, now: Int64) {
        self.number = number
        self.call = call
        self.receiver = receiver
        startedAt = now
        movedAt = now
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        close()
        errorText.deallocate()
    }

    var hasOtherAddresses: Bool { !addresses.isEmpty }

    /// The end of the limit that is the next to pass.
    var timeLimit: (end: Int64, limit: HTTPFailure.Limit)? {
        let limits = call.limits
        var next: (end: Int64, limit: HTTPFailure.Limit)?
        func consider(_ start: Int64, _ length: Int64?, _ limit: HTTPFailure.Limit) {
            guard let length else { return }
            let (end, overflow) = start.addingReportingOverflow(length)
            if !overflow, end < next?.end ?? .max { next = (end, limit) }
        }
        consider(startedAt, limits.total?.nanoseconds, .total)
        if !reader.isOver {
            consider(startedAt, limits.head?.nanoseconds, .head)
        } else if !isPaused {
            consider(movedAt, limits.gap?.nanoseconds, .gap)
        }
        return next
    }

    // MARK: The handle

    /// Makes the handle that tries the next address, or all of them; nil when there is none or the call is unsound.
    func open() -> UnsafeMutableRawPointer? {
        guard !addresses.isEmpty, call.fields.allSatisfy(\.isSound), let easy = ccurl_easy_init(),
            !call.target.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F })
        else { return nil }
        self.easy = easy
        if call.triesInOrder {
            tried = [addresses.removeFirst()]
        } else {
            tried = Array(addresses)
            addresses = []
        }
        let codes = [setPlace(easy), setMessage(easy), setManners(easy), setCallbacks(easy)]
        return codes.allSatisfy { $0 } ? easy : nil
    }

    func close() {
        if let easy { ccurl_easy_cleanup(easy) }
        easy = nil
        for list in lists { ccurl_slist_free_all(list) }
        lists = []
    }

    private func set(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int) -> Bool {
        ccurl_set_long(easy, option, value) == CURLE_OK
    }

    private func set(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String) -> Bool {
        ccurl_set_text(easy, option, value) == CURLE_OK
    }

    private func set(_ easy: UnsafeMutableRawPointer, _ option: CURLoption, _ lines: [String]) -> Bool {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = ccurl_slist_append(list, line) else {
                ccurl_slist_free_all(list)
                return false
            }
            list = longer
        }
        if let list { lists.append(list) }
        return ccurl_set_list(easy, option, list) == CURLE_OK
    }

    /// Where it goes.
    private func setPlace(_ easy: UnsafeMutableRawPointer) -> Bool {
        let host: String
        switch call.host {
        case .address(let address): host = address.inURL
        case .name(let name, _):
            host = name
            // The name is ours to look up: it stands for these addresses, and for no longer than this call.
            let list = tried.map(\.inURL).joined(separator: ",")
            guard set(easy, CURLOPT_RESOLVE, ["+\(name):\(call.port):\(list)"]) else { return false }
        }
        let acceptsAny = call.acceptsAnyCertificateOnLoopback && tried.allSatisfy(\.isLoopback)
        return set(easy, CURLOPT_URL, "\(call.scheme)://\(host):\(call.port)/")
            && set(easy, CURLOPT_REQUEST_TARGET, call.target)
            && set(easy, CURLOPT_PROTOCOLS_STR, call.scheme.rawValue)
            && setTrust(easy, acceptsAny: acceptsAny)
            && set(easy, CURLOPT_SSL_VERIFYPEER, acceptsAny ? 0 : 1)
            && set(easy, CURLOPT_SSL_VERIFYHOST, acceptsAny ? 0 : 2)
            && set(easy, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    }

    /// The authorities whose word on a certificate counts: the system's.
    ///
    /// Debian keeps them in one file and again one by one; libcurl would read the latter for each connection, which
    /// takes three times as long.
    private func setTrust(_ easy: UnsafeMutableRawPointer, acceptsAny: Bool) -> Bool {
        guard call.scheme == .https, acceptsAny || Self.hasBundle else { return true }
        return ccurl_set_pointer(easy, CURLOPT_CAPATH, nil) == CURLE_OK
            && (acceptsAny
                ? ccurl_set_pointer(easy, CURLOPT_CAINFO, nil) == CURLE_OK : set(easy, CURLOPT_CAINFO, Self.bundle))
    }

    private static let bundle = "/etc/ssl/certs/ca-certificates.crt"
    private static let hasBundle = access(bundle, R_OK) == 0

    private func setMessage(_ easy: UnsafeMutableRawPointer) -> Bool {
        var lines = call.fields.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
        // Fields that libcurl would add: nobody here waits for a server's leave to send a body.
        let names = Set(call.fields.map { $0.name.lowercased() })
        for name in ["Accept", "Content-Type", "Expect", "User-Agent"] where !names.contains(name.lowercased()) {
            lines.append("\(name):")
        }
        guard set(easy, CURLOPT_HTTPHEADER, lines) else { return false }
        switch call.method {
        case .get: return set(easy, CURLOPT_HTTPGET, 1)
        case .post:
            return set(easy, CURLOPT_POST, 1)
                && call.body.withUnsafeBytes { ccurl_set_body(easy, $0.baseAddress, $0.count) } == CURLE_OK
        }
    }

    /// How it is sent.
    private func setManners(_ easy: UnsafeMutableRawPointer) -> Bool {
        set(easy, CURLOPT_NOSIGNAL, 1) && set(easy, CURLOPT_NOPROGRESS, 1)
            && set(easy, CURLOPT_PROXY, "") && set(easy, CURLOPT_NOPROXY, "*")
            && set(easy, CURLOPT_FOLLOWLOCATION, 0) && set(easy, CURLOPT_NETRC, Int(CURL_NETRC_IGNORED.rawValue))
            && set(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1)
            && set(easy, CURLOPT_HTTP09_ALLOWED, 0)
            && set(easy, CURLOPT_FRESH_CONNECT, call.connection == .pooled ? 0 : 1)
            && set(easy, CURLOPT_FORBID_REUSE, call.connection == .single ? 1 : 0)
            // Below what servers keep connections.
            && set(easy, CURLOPT_MAXAGE_CONN, 2)
            && set(easy, CURLOPT_CONNECTTIMEOUT_MS, Int(max(1, call.limits.connect.nanoseconds / 1_000_000)))
            // All other limits are the loop's.
            && set(easy, CURLOPT_TIMEOUT_MS, 0)
    }

    private func setCallbacks(_ easy: UnsafeMutableRawPointer) -> Bool {
        // Safety: libcurl calls while the handle is open, and the loop's thread holds the transfer as long.
        let this = Unmanaged.passUnretained(self).toOpaque()
        return [
            ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText),
            ccurl_set_pointer(easy, CURLOPT_HEADERDATA, this),
            ccurl_set_pointer(easy, CURLOPT_WRITEDATA, this),
            ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, this),
            ccurl_set_pointer(easy, CURLOPT_PREREQDATA, this),
            ccurl_set_writer(easy, CURLOPT_HEADERFUNCTION) { text, size, count, this in
                Transfer.from(this)?.takeLine(UnsafeRawBufferPointer(start: text, count: size * count)) ?? 0
            },
            ccurl_set_writer(easy, CURLOPT_WRITEFUNCTION) { text, size, count, this in
                Transfer.from(this)?.takePiece(UnsafeRawBufferPointer(start: text, count: size * count)) ?? 0
            },
            ccurl_set_opener(easy) { this, _, address in
                guard let address else { return CURL_SOCKET_BAD }
                return Transfer.from(this)?.socket(for: address) ?? CURL_SOCKET_BAD
            },
            ccurl_set_announcer(easy) { this, _, _, _, _ in
                Transfer.from(this)?.mayHaveLeft = true
                return CURL_PREREQFUNC_OK
            },
        ].allSatisfy { $0 == CURLE_OK }
    }

    // MARK: What libcurl calls

    private static func from(_ this: UnsafeMutableRawPointer?) -> Transfer? {
        this.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private func takeLine(_ line: UnsafeRawBufferPointer) -> Int {
        movedAt = MachineClock.steady
        do {
            if let head = try reader.take(line) { receiver.receive(head) }
        } catch {
            isHeadTooLong = true
            return 0
        }
        return line.count
    }

    private func takePiece(_ piece: UnsafeRawBufferPointer) -> Int {
        movedAt = MachineClock.steady
        switch receiver.receive(piece) {
        case .more: return piece.count
        case .pause:
            isPaused = true
            return Int(CURL_WRITEFUNC_PAUSE)
        case .stop:
            isStopped = true
            return 0
        }
    }

    func resume(now: Int64) {
        guard isPaused, let easy else { return }
        isPaused = false
        movedAt = now
        ccurl_easy_pause(easy, CURLPAUSE_CONT)
    }

    /// Opens a socket to an address of the lookup's, and to no other.
    private func socket(for address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        // What stands at `addr` is as long as its family wants it, whatever the header says.
        let place = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0
        let family = address.pointee.family
        guard let real = IPAddress(family: family, at: UnsafeRawPointer(address) + place), tried.contains(real)
        else { return CURL_SOCKET_BAD }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return Glibc.socket(family, type, address.pointee.protocol)
    }

    // MARK: How it ended

    func failure(_ kind: HTTPFailure.Kind, _ reason: String = "the client was shut down") -> HTTPFailure {
        HTTPFailure(kind: kind, reason: reason, mayHaveLeft: mayHaveLeft)
    }

    /// What libcurl's result means.
    func end(_ code: CURLcode) -> HTTPEnd {
        if code == CURLE_OK { return reader.isOver ? .complete : .failed(failure(.broken, "no answer came")) }
        if isStopped { return .stopped }
        let text = String(cString: errorText)
        switch code {
        case CURLE_COULDNT_CONNECT: return .failed(failure(.notConnected, systemError ?? "no connection"))
        case CURLE_OPERATION_TIMEDOUT where !mayHaveLeft:
            let seconds = call.limits.connect.nanoseconds / 1_000_000_000
            return .failed(failure(.timedOut(.connect), "no connection within \(seconds) s"))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            let words = Self.withoutPaths(text)
            return .failed(failure(.tls, words.isEmpty ? "no certificates to check by" : words))
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            return .failed(failure(.notHTTP, text))
        case CURLE_WRITE_ERROR where isHeadTooLong:
            return .failed(failure(.notHTTP, "its head is longer than \(HeadReader.limit >> 10) KiB"))
        // libcurl's word for a line longer than it takes; without memory this program would have ended.
        case CURLE_OUT_OF_MEMORY where !reader.isOver:
            return .failed(failure(.notHTTP, "a line of its head is longer than 100 KiB"))
        case CURLE_GOT_NOTHING: return .failed(failure(.broken, "the connection was closed without an answer"))
        case CURLE_PARTIAL_FILE: return .failed(failure(.broken, "the connection was closed within the answer"))
        default:
            return .failed(failure(.broken, systemError ?? String(cString: ccurl_easy_strerror(code))))
        }
    }

    /// The system's words for what happened to the socket, if anything did.
    private var systemError: String? {
        var number = 0
        guard let easy, ccurl_get_long(easy, CURLINFO_OS_ERRNO, &number) == CURLE_OK, number != 0 else { return nil }
        return String(cString: strerror(Int32(truncatingIfNeeded: number)))
    }

    /// Without the files of this machine that libcurl names behind some of its errors.
    private static func withoutPaths(_ text: String) -> String {
        text.split(separator: " ").prefix { $0 != "CAfile:" }.filter { !$0.contains("/") }.joined(separator: " ")
    }
}

extension HTTPFailure {
    /// Whether no connection was made, so that another address may be tried.
    var isOfConnecting: Bool {
        switch kind {
        case .notConnected, .timedOut(.connect): true
        default: false
        }
    }
}
