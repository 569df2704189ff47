/// What a driver must send for a job.
public enum Call: Sendable, Hashable {
    /// `POST /app/cliprise/generate` with this JSON body.
    case generate(body: [UInt8])
    /// `GET /app/cliprise/status` for a task.
    case status(task: String)
    /// The same with `download=true`, from this byte of the file on; 0 means the whole file, anew.
    case download(task: String, from: Int)
}

/// What came of a call.
public enum Answer: Sendable, Hashable {
    /// An answer of the service or of something before it; for a download, any but the file.
    case response(Response)
    /// A download's file, or a part of it (200 or 206).
    case file(Transfer)
    /// No answer.
    case failure(TransportFailure)

    /// An answer with a body that is read as a whole.
    public struct Response: Sendable, Hashable {
        /// The HTTP status, 100–999.
        public var status: Int
        /// The body; its beginning when `isComplete` is false.
        public var body: [UInt8]
        /// What the Retry-After field asked for; see `RetryAfter`.
        public var retryAfter: Duration?
        /// Whether the whole body came.
        public var isComplete: Bool

        /// A complete answer, unless said otherwise.
        public init(status: Int, body: [UInt8] = [], retryAfter: Duration? = nil, isComplete: Bool = true) {
            self.status = status
            self.body = body
            self.retryAfter = retryAfter
            self.isComplete = isComplete
        }
    }

    /// What a download brought.
    public struct Transfer: Sendable, Hashable {
        /// The bytes of the file that are held now, those of earlier calls included.
        public var heldCount: Int
        /// Whether the file's end has come.
        public var isComplete: Bool
        /// What the first bytes say the file is.
        public var kind: FileKind
        /// What is wrong with the complete file; nil when nothing is, or nobody has looked.
        public var defect: FileDefect?

        /// A sound and complete file, unless said otherwise.
        public init(heldCount: Int, isComplete: Bool = true, kind: FileKind = .other, defect: FileDefect? = nil) {
            self.heldCount = heldCount
            self.isComplete = isComplete
            self.kind = kind
            self.defect = defect
        }
    }
}

/// Why there is no answer.
public enum TransportFailure: Error, Sendable, Hashable {
    /// No connection came about: the request cannot have been seen.
    case notSent
    /// The same, and it looks as if it stays so: nobody listens there, the name is not known, or TLS does not come about.
    ///
    /// `place` is what was tried, and what came of it, as in `http://127.0.0.1:8080: Connection refused`.
    case refused(place: String)
    /// The connection ended, or stayed silent for too long, when the request may have been seen.
    case lost
    /// The body of the answer passed the limit.
    case answerTooLarge(limit: Int)
}

/// How far a job came.
public struct JobResult: Sendable, Hashable {
    /// The state that the job was to reach.
    public enum State: String, Sendable, Hashable {
        /// A generate was accepted.
        case accepted
        /// The task is not finished.
        case processing
        /// The task is finished.
        case succeeded
        /// The file is here.
        case downloaded
    }

    /// The state that was reached.
    public var state: State
    /// The task's id, as the service gave it.
    public var task: String
    /// Where the service says the file is; it holds the key, so it shows itself only when asked.
    public var fileLink: FileLink?
    /// The kind of the downloaded file, by its content.
    public var kind: FileKind?
    /// The length of the downloaded file in bytes; 0 without one.
    public var byteCount: Int
    /// The answered polls.
    public var polls: Int
    /// The calls that were sent again after an error.
    public var retries: Int
}

/// The `fileURL` of a finished task.
///
/// Its query holds the API key: it is left out of descriptions and dumps.
public struct FileLink: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The URL as the service gave it, with the key: not for logs.
    public let urlWithKey: String

    /// Keeps a URL.
    public init(urlWithKey: String) {
        self.urlWithKey = urlWithKey
    }

    /// The URL without its query.
    public var description: String {
        urlWithKey.prefix { $0 != "?" } + (urlWithKey.contains("?") ? "?…" : "")
    }

    /// The URL without its query.
    public var debugDescription: String { description }
    /// Shows nothing of the URL.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
