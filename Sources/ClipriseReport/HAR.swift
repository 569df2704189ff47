public import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// Journals as an HTTP archive, format 1.2, which a browser's network panel opens.
///
/// Where a journal kept what an exchange said, its target, fields and bodies stand, with secrets as `REDACTED`. Else the URL
/// is put together from what the exchange asked for, and of fields only a `Retry-After` in seconds stands, whose value is
/// known. Exchanges of all accounts stand in the order of their arrival. An answer that never came has the status 0.
public enum HAR {
    /// The word in place of a key.
    static let redacted = "REDACTED"
    private static let comment = """
        Written from a journal. Where it does not keep what an exchange said, the URL is put together from what was asked \
        for, and fields and bodies are left out; so are always the fields that the listener adds. Secrets are REDACTED. \
        Times are those that the server saw; 0 is an answer at once.
        """
    private static let origin = "https://\(Contract.host)"

    /// - Parameter version: The version of this program.
    public static func write(_ views: [JournalView], version: String) -> [UInt8] {
        var entries: [Entry] = []
        for view in views {
            for event in view.events {
                guard case .exchange(let exchange) = event.kind else { continue }
                entries.append(Entry(view: view, event: event, exchange: exchange))
            }
        }
        entries.sort { $0.order < $1.order }
        return JSONWriter.line(capacity: 256 + entries.count * 1_024) {
            $0.member("log") {
                $0.member("version", "1.2")
                $0.member("creator") {
                    $0.member("name", "cliprise-mock")
                    $0.member("version", version)
                }
                $0.member("comment", comment)
                $0.member("entries", objects: entries) { $1.write(to: &$0) }
            }
        }
    }

    private struct Entry {
        let view: JournalView
        let event: JournalEvent
        let exchange: ExchangeEvent
        var content: ExchangeContent? { view.contents[event.sequence] }

        var order: (Int64, String, Int) { (event.realTime, view.account, event.sequence) }

        func write(to writer: inout JSONWriter) {
            let millis = exchange.endedRealTime.map { max(0, Double($0 - event.realTime) / 1e6) } ?? 0
            writer.member("startedDateTime", date: event.realTime)
            writer.member("time", millis, places: 3)
            writer.member("request") { writeRequest(to: &$0) }
            writer.member("response") { writeResponse(to: &$0) }
            writer.member("cache") { _ in }
            writer.member("timings") {
                $0.member("send", 0)
                $0.member("wait", millis, places: 3)
                $0.member("receive", 0)
            }
            writer.member("comment", comment)
            writer.member("_account", view.account)
            if let label = view.label { writer.member("_label", label) }
            writer.member("_sequence", event.sequence)
            if let clause = exchange.clause { writer.member("_clause", clause.rawValue) }
            if let rule = exchange.rule, view.rules.indices.contains(rule) { writer.member("_rule", view.rules[rule]) }
            if let fault = exchange.fault { writer.member("_fault", fault.rawValue) }
            if let phase = exchange.faultPhase { writer.member("_faultPhase", phase.rawValue) }
            if let fate = exchange.fate { writer.member("_fate", fate.rawValue) }
            writer.member("_outcome", exchange.outcome.rawValue)
            writer.member("_clockNanoseconds", event.at.nanoseconds)
        }

        private var comment: String {
            var parts = ["\(view.account) #\(event.sequence)", exchange.clause?.rawValue ?? "-"]
            if let fault = exchange.fault { parts.append("fault \(fault)") }
            if exchange.outcome != .completed { parts.append(exchange.outcome.rawValue) }
            if exchange.outcome == .completed, exchange.endedRealTime == event.realTime { parts.append("at once") }
            if isAsking, exchange.task == nil, content == nil {
                parts.append("the taskId that was asked for is not kept")
            }
            if exchange.retryAfterIsDate, let wait = exchange.retryAfter {
                parts.append("Retry-After is a date, \(NumberText.span(wait)) from then")
            }
            if let hint = exchange.hint { parts.append(hint) }
            return parts.joined(separator: ", ")
        }

        private var isAsking: Bool { exchange.operation == .status || exchange.operation == .download }

        private var query: [(name: String, value: String)] {
            if let content {
                let query = content.target.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
                return Query(Array(query)[...]).parameters
            }
            guard isAsking else { return [] }
            // What STA-1 refuses may have had no key there.
            var query = exchange.clause == .sta1 ? [] : [(name: "apiKey", value: HAR.redacted)]
            if let task = exchange.task {
                query.append(("taskId", view.taskIDs[task]?.description ?? "task-\(task)"))
            }
            if exchange.operation == .download { query.append(("download", "true")) }
            return query
        }

        private var url: String {
            if let target = content?.target, target.hasPrefix("/") { return HAR.origin + target }
            return switch exchange.operation {
            case .generate: "\(HAR.origin)\(Contract.generatePath)"
            case .status, .download:
                "\(HAR.origin)\(Contract.statusPath)" + (query.isEmpty ? "" : "?")
                    + query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
            case .admin: "\(HAR.origin)\(Contract.adminPath)"
            case .other: "\(HAR.origin)/"
            }
        }

        private func writeRequest(to writer: inout JSONWriter) {
            writer.member("method", exchange.method.description)
            writer.member("url", url)
            writer.member("httpVersion", "HTTP/1.1")
            writer.member("cookies", texts: [String]())
            writer.member("headers", pairs: content?.request.pairs ?? [])
            writer.member("queryString", pairs: query)
            if let request = content?.request, request.body.size > 0 {
                writer.member("postData") {
                    $0.member("mimeType", request.first("content-type") ?? "")
                    $0.body(request.body)
                }
            }
            writer.member("headersSize", -1)
            writer.member("bodySize", content?.request.body.size ?? (exchange.operation == .generate ? -1 : 0))
        }

        private func writeResponse(to writer: inout JSONWriter) {
            writer.member("status", exchange.status)
            writer.member("statusText", ReasonPhrase.text(exchange.status))
            writer.member("httpVersion", "HTTP/1.1")
            writer.member("cookies", texts: [String]())
            var fields = content?.response?.pairs ?? []
            if content?.response == nil, let retryAfter = exchange.retryAfter, !exchange.retryAfterIsDate {
                fields.append((name: "Retry-After", value: Self.text(retryAfter)))
            }
            writer.member("headers", pairs: fields)
            writer.member("content") {
                $0.member("size", exchange.bytes)
                $0.member("mimeType", content?.response?.first("content-type") ?? mimeType)
                if let response = content?.response { $0.body(response.body) }
            }
            writer.member("redirectURL", "")
            writer.member("headersSize", -1)
            writer.member("bodySize", exchange.outcome == .completed ? exchange.bytes : -1)
            if exchange.outcome != .completed { writer.member("_error", exchange.outcome.rawValue) }
        }

        /// In whole seconds, rounded up, as the field itself has it.
        private static func text(_ span: TimeSpan) -> String {
            String(Int64((Double(span.nanoseconds) / 1e9).rounded(.up)))
        }

        private var mimeType: String {
            switch exchange.shape {
            case .object, .array: "application/json"
            case .file: exchange.clause == .sta6 ? "application/zip" : "application/octet-stream"
            case .broken: "x-unknown"
            case .none: ""
            }
        }
    }
}

extension ExchangeContent.Message {
    fileprivate var pairs: [(name: String, value: String)] { fields.map { ($0.name, $0.value) } }
}

extension JSONWriter {
    /// The text of a body, as far as it is kept; what is no text stands as base64.
    fileprivate mutating func body(_ body: ExchangeContent.Body) {
        guard let bytes = body.bytes else { return }
        if let text = body.text {
            member("text", text)
        } else {
            member("text", Base64.encode(bytes))
            member("encoding", "base64")
        }
        if body.isCut { member("comment", "the beginning of \(body.size) bytes") }
    }

    fileprivate mutating func member(_ key: StaticString, pairs: [(name: String, value: String)]) {
        member(key, objects: pairs) { writer, pair in
            writer.member("name", pair.name)
            writer.member("value", pair.value)
        }
    }
}
