/// Everything the server will do to answer one request, decided before the first byte is sent.
///
/// A plan is a value: it can be compared, printed and replayed without a socket.
public struct ResponsePlan: Sendable, Hashable {
    /// One piece of memory that all copies share: an answer goes through many hands, and each would count the holders
    /// of its fields and of its body.
    // Seen by the compiler in other modules, so that whoever looks at a body does not hold it meanwhile.
    public var parts: Parts

    public final class Parts: Sendable {
        public let status: Int
        public let contentType: ContentType?
        public let fields: [Field]
        public let body: Body
        // What every exchange is asked of its body.
        public let isPlain: Bool
        public let byteCount: Int
        public let endsBeforeHead: Bool
        public let hasFields: Bool

        fileprivate init(_ status: Int, _ contentType: ContentType?, _ fields: [Field], _ body: Body) {
            self.status = status
            self.contentType = contentType
            self.fields = fields
            self.body = body
            hasFields = !fields.isEmpty
            switch body {
            case .plain(let bytes): (isPlain, byteCount, endsBeforeHead) = (true, bytes.count, false)
            case .steps(_, let steps):
                let count = steps.reduce(0) { $0 + $1.byteCount }
                (isPlain, byteCount, endsBeforeHead) = (false, count, Self.endsBeforeHead(steps))
            }
        }

        private static func endsBeforeHead(_ steps: [Step]) -> Bool {
            for step in steps {
                switch step {
                case .send, .drip: return false
                case .abort: return true
                case .pause, .hold: continue
                }
            }
            return false
        }
    }
    /// The `Date` to send, in seconds since 1970; nil for the time of the machine when the head leaves.
    ///
    /// Accounts whose clock is virtual have a time of their own; a `Date` among the fields goes before both.
    public var date: Int64?

    public init(status: Int, contentType: ContentType? = nil, fields: [Field] = [], body: Body = .plain([])) {
        parts = Parts(status, contentType, fields, body)
    }

    /// The HTTP status code, 100–999.
    public var status: Int {
        @inlinable @inline(__always) get { parts.status }
        set { parts = Parts(newValue, contentType, fields, body) }
    }

    /// The `Content-Type` to send, or nil for none.
    public var contentType: ContentType? {
        @inlinable @inline(__always) get { parts.contentType }
        set { parts = Parts(status, newValue, fields, body) }
    }

    /// Fields beside `Content-Type`, `Content-Length`, `Transfer-Encoding` and `Connection`, in sending order.
    public var fields: [Field] {
        @inlinable @inline(__always) get { parts.fields }
        set { parts = Parts(status, contentType, newValue, body) }
    }

    public var body: Body {
        @inlinable @inline(__always) get { parts.body }
        set { parts = Parts(status, contentType, fields, newValue) }
    }

    /// Whether the body is all there, and is sent at once.
    @inlinable @inline(__always) public var isPlain: Bool { parts.isPlain }

    /// Bytes of the body to send.
    @inlinable @inline(__always) public var byteCount: Int { parts.byteCount }

    /// Whether the connection ends before a status line.
    @inlinable @inline(__always) public var endsBeforeHead: Bool { parts.endsBeforeHead }

    /// Whether there are fields beside the content type.
    @inlinable @inline(__always) public var hasFields: Bool { parts.hasFields }

    public static func == (left: ResponsePlan, right: ResponsePlan) -> Bool {
        guard left.date == right.date else { return false }
        return left.parts === right.parts
            || (left.status, left.contentType) == (right.status, right.contentType)
                && left.fields == right.fields && left.body == right.body
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(contentType)
        hasher.combine(fields)
        hasher.combine(body)
        hasher.combine(date)
    }

    public struct Field: Sendable, Hashable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public enum Body: Sendable, Hashable {
        /// All bytes, at once, with their true length announced.
        case plain([UInt8])
        /// Steps taken one after another.
        ///
        /// `announcedLength` is the `Content-Length` to send; nil means chunked transfer coding (RFC 9112 §7.1). Steps
        /// that send fewer bytes end with the connection, and of more bytes only the announced ones are sent. Whatever
        /// stands before the first `send` or `drip` happens before the status line.
        case steps(announcedLength: Int?, [Step])
    }

    public enum Step: Sendable, Hashable {
        /// Sends these bytes of the body. As the first `send`, no bytes mean: the head goes out now.
        case send([UInt8])
        /// Sends nothing for this long, counted from the moment the step is reached.
        case pause(TimeSpan)
        /// Sends nothing until it is released from outside, by `PlanCursor.release` or `Exchange.release`.
        case hold
        /// Sends these bytes in pieces of `pieceSize` (positive; the last may be shorter), each when the pace allows it.
        ///
        /// The pieces are cut when they are sent, so a slow body takes no more memory than a fast one.
        case drip([UInt8], pieceSize: Int, Pace)
        /// Ends the connection here, whatever was promised.
        case abort(Abort)

        fileprivate var byteCount: Int {
            switch self {
            case .send(let bytes), .drip(let bytes, _, _): bytes.count
            case .pause, .hold, .abort: 0
            }
        }
    }

    public enum Abort: Sendable, Hashable {
        /// An orderly close: the client reads end of stream (FIN).
        case close
        /// A reset: the client's read fails with "connection reset by peer" (RST).
        case reset
    }

    /// A media type; an enum, so that the usual ones cost no allocation.
    public enum ContentType: Sendable, Hashable {
        case json, problemJSON, text, html
        case png, jpeg, mp4, mp3, zip
        case custom(String)

        public var text: String {
            switch self {
            case .json: "application/json; charset=utf-8"
            case .problemJSON: "application/problem+json; charset=utf-8"
            case .text: "text/plain; charset=utf-8"
            case .html: "text/html; charset=utf-8"
            case .png: "image/png"
            case .jpeg: "image/jpeg"
            case .mp4: "video/mp4"
            case .mp3: "audio/mpeg"
            case .zip: "application/zip"
            case .custom(let text): text
            }
        }
    }
}

extension ResponsePlan: CustomStringConvertible {
    public var description: String {
        let type = contentType?.text ?? "no type"
        return "\(status), \(type), \(fields), \(body)" + (date.map { ", dated \($0)" } ?? "")
    }
}
