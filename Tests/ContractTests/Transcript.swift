// Reads the transcripts of `fixtures/contract`; the format is described in the README that stands there.

import ClipriseEngine
import ClipriseWire
import Testing

/// One transcript: what is sent, and what must come back.
struct Transcript: Sendable, CustomTestStringConvertible {
    /// The clause it is about, such as `GEN-5`: the file's name.
    var clause: String
    var title: String
    /// `D`, `L`, `U` or `A`, as in the contract's tables; several with ` / ` between.
    var provenance: String
    var steps: [Step]
    var path: String

    var testDescription: String { "\(clause) \(title)" }

    struct Step: Sendable {
        var line: Int
        var kind: Kind
    }

    enum Kind: Sendable {
        case server(ServerLine)
        case text(name: String, String)
        case exchange(request: [String], ExpectedAnswer)
        case credits(key: String, available: Int64, held: Int64)
        /// The whole ledger as `KIND CREDITS`, oldest first.
        case ledger(key: String, [String])
        case advance(TimeSpan)
    }
}

/// The settings of a `server:` line.
struct ServerLine: Sendable {
    var engine = EngineSettings()
    var accounts = [(key: "test-key", credits: Int64(100))]
    var isOpen = false

    init(_ words: [Substring]) throws {
        for word in words {
            let pair = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard pair.count == 2 else { throw TranscriptError("\(word) is not NAME=VALUE") }
            switch pair[0] {
            case "profile":
                guard let profile = EngineSettings.Profile(rawValue: pair[1]) else {
                    throw TranscriptError("no profile \(pair[1])")
                }
                engine.profile = profile
            case "host-gate":
                guard let gate = EngineSettings.HostGate(rawValue: pair[1]) else {
                    throw TranscriptError("no host gate \(pair[1])")
                }
                engine.hostGate = gate
            case "strict": engine.isStrict = pair[1] == "true"
            case "open": isOpen = pair[1] == "true"
            case "accept-host": engine.acceptedHosts.append(pair[1])
            case "time-scale":
                guard let scale = Double(pair[1]) else { throw TranscriptError("\(pair[1]) is no number") }
                engine.pace = .scaled(scale)
            case "accounts":
                accounts = try pair[1].split(separator: ",").map { account in
                    let parts = account.split(separator: ":")
                    guard parts.count == 2, let credits = Int64(parts[1]) else {
                        throw TranscriptError("\(account) is not KEY:CREDITS")
                    }
                    return (String(parts[0]), credits)
                }
            default: throw TranscriptError("a server has no \(pair[0])")
            }
        }
    }
}

/// What an answer must be.
struct ExpectedAnswer: Sendable {
    enum Body: Sendable {
        case empty
        case text(String)
        /// A file of this form; for a zip with this many files in it.
        case file(form: String, entries: Int?)
        /// Bytes of the last whole file, both ends included.
        case slice(ClosedRange<Int>)
    }

    var status: Int
    var fields: [(name: String, value: String)] = []
    var absent: [String] = []
    var body = Body.empty
}

struct TranscriptError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Transcript {
    /// - Parameter text: The file's text; lines end with a line feed.
    init(_ text: String, clause: String, path: String) throws {
        var reader = LineReader(text)
        guard let head = reader.next(), head.hasPrefix("# \(clause): ") else {
            throw TranscriptError("\(path):1: the first line is not \"# \(clause): …\"")
        }
        guard let second = reader.next(), second.hasPrefix("# provenance: ") else {
            throw TranscriptError("\(path):2: the second line is not \"# provenance: …\"")
        }
        self.clause = clause
        self.path = path
        title = String(head.dropFirst(clause.count + 4))
        provenance = String(second.dropFirst(14))
        steps = []
        do {
            while let line = reader.next() {
                guard !line.isEmpty, !line.hasPrefix("#") else { continue }
                let start = reader.line
                steps.append(Step(line: start, kind: try Self.step(line, &reader)))
            }
        } catch {
            throw TranscriptError("\(path):\(reader.line): \(error)")
        }
    }

    private static func step(_ line: Substring, _ reader: inout LineReader) throws -> Kind {
        if line.hasPrefix(">") { return try exchange(line, &reader) }
        let words = line.split(separator: " ")
        switch words[0] {
        case "server:": return .server(try ServerLine(Array(words.dropFirst())))
        case "let":
            guard let mark = line.firstRange(of: " = "), words.count > 3 else {
                throw TranscriptError("write: let NAME = TEXT")
            }
            return .text(name: String(words[1]), String(line[mark.upperBound...]))
        case "advance":
            guard words.count == 2, words[1].hasSuffix("s"), let seconds = Int64(words[1].dropLast()) else {
                throw TranscriptError("write: advance SECONDSs")
            }
            return .advance(.seconds(seconds))
        case "credits":
            let numbers = words.dropFirst(2).compactMap { word in
                word.firstIndex(of: "=").flatMap { Int64(word[word.index(after: $0)...]) }
            }
            guard words.count == 4, words[2].hasPrefix("available="), words[3].hasPrefix("held="), numbers.count == 2
            else { throw TranscriptError("write: credits KEY: available=N held=N") }
            return .credits(key: String(words[1].dropLast()), available: numbers[0], held: numbers[1])
        case "ledger":
            guard words.count > 2, let mark = line.firstRange(of: ": ") else {
                throw TranscriptError("write: ledger KEY: KIND CREDITS, …")
            }
            let entries = line[mark.upperBound...].split(separator: ",").map { entry in
                entry.split(separator: " ").joined(separator: " ")
            }
            return .ledger(key: String(words[1].dropLast()), entries)
        default: throw TranscriptError("\"\(words[0])\" begins no step")
        }
    }

    private static func exchange(_ first: Substring, _ reader: inout LineReader) throws -> Kind {
        var request = [content(first)]
        while let line = reader.next(ifPrefix: ">") { request.append(content(line)) }
        guard let line = reader.next(ifPrefix: "< "), let status = Int(line.dropFirst(2)) else {
            throw TranscriptError("a request is followed by \"< STATUS\"")
        }
        var answer = ExpectedAnswer(status: status)
        while let line = reader.next(ifPrefix: "<") {
            if line.hasPrefix("<! ") {
                answer.absent.append(String(line.dropFirst(3)))
            } else if line.hasPrefix("<file: ") {
                answer.body = try file(line.dropFirst(7))
            } else if line == "<" {
                var body: [String] = []
                while let line = reader.next(ifPrefix: "<") { body.append(content(line)) }
                answer.body = .text(body.joined(separator: "\n"))
            } else {
                guard let mark = line.firstRange(of: ": ") else { throw TranscriptError("not a field: \(line)") }
                let name = line[..<mark.lowerBound].dropFirst(2)
                answer.fields.append((String(name), String(line[mark.upperBound...])))
            }
        }
        return .exchange(request: request, answer)
    }

    /// `png`, `zip 6`, or `slice 0-9`.
    private static func file(_ text: Substring) throws -> ExpectedAnswer.Body {
        let words = text.split(separator: " ").map(String.init)
        guard words.first == "slice" else {
            return .file(form: words.first ?? "", entries: words.count > 1 ? Int(words[1]) : nil)
        }
        let ends = words[1].split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2 else { throw TranscriptError("write: <file: slice FIRST-LAST") }
        return .slice(ends[0]...ends[1])
    }

    private static func content(_ line: Substring) -> String {
        String(line.dropFirst(line.count > 1 ? 2 : 1))
    }
}

/// The lines of a text, one after another.
private struct LineReader {
    private var lines: ArraySlice<Substring>
    /// The 1-based number of the line read last.
    private(set) var line = 0

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    }

    mutating func next() -> Substring? {
        guard let next = lines.popFirst() else { return nil }
        line += 1
        return next
    }

    mutating func next(ifPrefix prefix: String) -> Substring? {
        guard let next = lines.first, next.hasPrefix(prefix) else { return nil }
        return self.next()
    }
}

extension Substring {
    /// Where `other` first stands, or nil.
    func firstRange(of other: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
            start = index(after: start)
        }
        return nil
    }
}
