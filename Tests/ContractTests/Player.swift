import ClipriseJSON
import Testing

/// Plays a transcript in a world and holds every answer against it.
struct Player {
    let world: World
    let transcript: Transcript
    private var server: (any RunningServer)?
    private var texts: [String: String] = [:]
    private var lastFile: [UInt8] = []

    init(_ transcript: Transcript, in world: World) {
        self.transcript = transcript
        self.world = world
    }

    /// The head of a proper generate request, as the reference writes it.
    static let generateHead = """
        POST /app/cliprise/generate HTTP/1.1
        Host: business.api.cliprise.app
        Authorization: Bearer test-key
        Content-Type: application/json
        """

    mutating func play() throws {
        defer { server?.stop() }
        for step in transcript.steps {
            let place = SourceLocation(
                fileID: "ContractTests/\(transcript.clause).txt", filePath: transcript.path, line: step.line, column: 1)
            do {
                try take(step.kind, place)
            } catch {
                Issue.record(error, sourceLocation: place)
                return
            }
        }
    }

    private mutating func take(_ step: Transcript.Kind, _ place: SourceLocation) throws {
        if case .server(let line) = step {
            server?.stop()
            let started = try world.start(line)
            server = started
            texts["port"] = "\(started.port)"
            texts["generate"] = Self.generateHead
            return
        }
        guard let server else { throw TranscriptError("the first step starts a server") }
        switch step {
        case .server: return
        case .text(let name, let text): texts[name] = String(decoding: try Template(text).filled(texts), as: UTF8.self)
        case .advance(let span): server.clock.advance(by: span)
        case .credits(let key, let available, let held):
            let answer = try server.exchange(admin("accounts/\(key)"))
            #expect(
                String(decoding: Self.beginning(of: answer.body), as: UTF8.self)
                    == #"{"key":"\#(key)","credits":\#(available + held),"held":\#(held),"available":\#(available)}"#,
                sourceLocation: place)
        case .ledger(let key, let entries):
            let answer = try server.exchange(admin("accounts/\(key)/ledger"))
            #expect(try ledgerEntries(answer.body) == entries, sourceLocation: place)
        case .exchange(let request, let expected):
            let bytes = try self.bytes(of: request)
            check(
                try server.exchange(bytes), expected, isHead: bytes.starts(with: "HEAD ".utf8), place)
        }
    }

    private func admin(_ path: String) -> [UInt8] {
        Array("GET /__admin/\(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".utf8)
    }

    private func ledgerEntries(_ body: [UInt8]) throws -> [String] {
        try withJSON(body) { json in
            var entries: [String] = []
            guard let list = json[key: "entries"] else { return entries }
            for entry in list.elements {
                entries.append("\(entry[key: "kind"]?.string ?? "?") \(entry[key: "credits"]?.integer ?? -1)")
            }
            return entries
        }.get()
    }

    /// The bytes of a request: its lines as they stand, and `Content-Length` when it has a body and no framing.
    private func bytes(of lines: [String]) throws -> [UInt8] {
        let split = lines.firstIndex(of: "") ?? lines.count
        let headText = try Template(lines[..<split].joined(separator: "\n")).filled(texts)
        let body = try Template(lines[min(split + 1, lines.count)...].joined(separator: "\n")).filled(texts)
        var head = String(decoding: headText, as: UTF8.self).split(separator: "\n").joined(separator: "\r\n")
        if !body.isEmpty, !head.lowercased().contains("\r\ncontent-length:") {
            head += "\r\nContent-Length: \(body.count)"
        }
        return Array("\(head)\r\n\r\n".utf8) + body
    }

    private mutating func check(
        _ answer: Answer, _ expected: ExpectedAnswer, isHead: Bool, _ place: SourceLocation
    ) {
        let shown = String(decoding: answer.body.prefix(400), as: UTF8.self)
        #expect(answer.status == expected.status, "\(shown)", sourceLocation: place)
        for field in expected.fields {
            let values = answer.values(of: field.name)
            let isMatched = values.count == 1 && Template(field.value).matches(Array(values[0].utf8), &texts)
            #expect(isMatched, "\(field.name) is \(values), not \(field.value)", sourceLocation: place)
        }
        for name in expected.absent + ["Location"] {
            #expect(answer.values(of: name).isEmpty, "\(name) is there", sourceLocation: place)
        }
        checkBody(answer, expected, shown, place)
        guard !isHead else { return }
        // HTTP-2 holds for every answer.
        #expect(answer.values(of: "Content-Length") == ["\(answer.body.count)"], sourceLocation: place)
        if !expected.fields.contains(where: { $0.name == "Content-Type" }) {
            let type = answer.body.isEmpty ? [] : ["application/json; charset=utf-8"]
            #expect(answer.values(of: "Content-Type") == type, sourceLocation: place)
        }
    }

    /// An account or a task of the admin API without the members behind those that the contract speaks of.
    private static func beginning(of body: [UInt8]) -> [UInt8] {
        let text = String(decoding: body, as: UTF8.self)
        for member in [#","captured":"#, #","polls":"#] {
            if let place = text.firstRange(of: member) { return Array("\(text[..<place.lowerBound])}".utf8) }
        }
        return body
    }

    private mutating func checkBody(
        _ answer: Answer, _ expected: ExpectedAnswer, _ shown: String, _ place: SourceLocation
    ) {
        switch expected.body {
        case .empty: #expect(answer.body.isEmpty, "\(shown)", sourceLocation: place)
        case .text(let text):
            // Answers of the admin API end with a line feed, which a transcript cannot show.
            let body = answer.body.last == 0x0A ? Array(answer.body.dropLast()) : answer.body
            let isMatched =
                Template(text).matches(body, &texts) || Template(text).matches(Self.beginning(of: body), &texts)
            #expect(isMatched, "\(shown)\nis not\n\(text)", sourceLocation: place)
        case .file(let form, let entries):
            if !lastFile.isEmpty, form == "same" {
                #expect(answer.body == lastFile, "the file is another one", sourceLocation: place)
                return
            }
            let problem = FileForm.problem(of: answer.body, form: form, entries: entries)
            #expect(problem == nil, sourceLocation: place)
            lastFile = answer.body
        case .slice(let range):
            #expect(range.upperBound < lastFile.count, sourceLocation: place)
            guard range.upperBound < lastFile.count else { return }
            #expect(answer.body == Array(lastFile[range]), sourceLocation: place)
        }
    }
}

/// The forms of files, told by their first bytes.
enum FileForm {
    /// What is wrong with these bytes as a file of this form, or nil.
    static func problem(of bytes: [UInt8], form: String, entries: Int?) -> String? {
        let isForm =
            switch form {
            case "png": bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
            case "jpeg": bytes.starts(with: [0xFF, 0xD8, 0xFF])
            case "mp4": bytes.dropFirst(4).starts(with: "ftyp".utf8)
            case "mp3": bytes.starts(with: "ID3".utf8) || bytes.starts(with: [0xFF, 0xFB])
            case "json": bytes.first == UInt8(ascii: "{")
            case "zip": bytes.starts(with: [0x50, 0x4B, 0x03, 0x04])
            default: false
            }
        guard isForm else { return "no \(form): it begins with \(bytes.prefix(8))" }
        guard let entries else { return nil }
        // The end record of a zip without a comment is its last 22 bytes; its count of files stands at 10.
        let end = bytes.suffix(22)
        guard end.starts(with: [0x50, 0x4B, 0x05, 0x06]) else { return "the zip has no end record" }
        let count = Int(end[end.startIndex + 10]) | Int(end[end.startIndex + 11]) << 8
        return count == entries ? nil : "the zip holds \(count) files, not \(entries)"
    }
}
