internal import ClipriseJSON

/// Holds an answer against the expected one.
package enum Comparison {
    package static func aspects(_ expected: Observation, _ received: Observation) -> [Finding.Aspect] {
        var aspects: [Finding.Aspect] = []
        if expected.status != received.status { aspects.append(.status) }
        if expected.mediaType != received.mediaType { aspects.append(.contentType) }
        guard expected.body != received.body else { return aspects }
        if let mine = JSONSketch(expected.body), let other = JSONSketch(received.body), mine.isShaped(as: other) {
            if mine != other { aspects.append(.message) }
        } else {
            aspects.append(.shape)
        }
        return aspects
    }

    /// The body with what differs from job to job replaced: `{taskId}` and `{fileURL}`.
    package static func templated(
        _ observation: Observation
    ) -> (observation: Observation, task: String?, url: String?) {
        var result = observation
        let found = withJSON(observation.body) { json in
            let object = json.kind == .array ? json.elements.first { _ in true } : json
            return (object?.member("taskId")?.string, object?.member("fileURL")?.string)
        }
        guard case .success((let task, let url)) = found else { return (result, nil, nil) }
        for (name, text) in [("taskId", task), ("fileURL", url)] {
            guard let text, let place = place(of: text, in: result.body) else { continue }
            result.body.replaceSubrange(place, with: Array("{\(name)}".utf8))
        }
        return (result, task, url)
    }

    /// Where a text stands in a JSON text, as it is or with its slashes escaped, as some services write URLs.
    package static func place(of text: String, in body: [UInt8]) -> Range<Int>? {
        let escaped = text.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\/")
        return body.firstRange(of: Array(text.utf8)) ?? body.firstRange(of: Array(escaped.utf8))
    }
}

/// A JSON value taken out of its reader, to be compared.
indirect enum JSONSketch: Hashable {
    case object([String: JSONSketch])
    case array([JSONSketch])
    case plain(kind: String, text: String)

    init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty, case .success(let sketch) = withJSON(bytes, { JSONSketch($0) }) else { return nil }
        self = sketch
    }

    private init(_ value: JSONValue) {
        switch value.kind {
        case .object:
            var members: [String: JSONSketch] = [:]
            for member in value.members {
                members[String(decoding: member.key, as: UTF8.self)] = JSONSketch(member.value)
            }
            self = .object(members)
        case .array: self = .array(value.elements.map { JSONSketch($0) })
        case .string: self = .plain(kind: "string", text: value.string ?? "")
        case .integer, .number: self = .plain(kind: "number", text: "\(value.number ?? 0)")
        case .boolean: self = .plain(kind: "boolean", text: "\(value.boolean ?? false)")
        case .null: self = .plain(kind: "null", text: "")
        }
    }

    /// Whether keys and types are the same all the way down.
    func isShaped(as other: JSONSketch) -> Bool {
        switch (self, other) {
        case (.object(let mine), .object(let theirs)):
            mine.count == theirs.count && mine.allSatisfy { theirs[$0.key].map($0.value.isShaped) ?? false }
        case (.array(let mine), .array(let theirs)):
            mine.count == theirs.count && zip(mine, theirs).allSatisfy { $0.isShaped(as: $1) }
        case (.plain(let mine, _), .plain(let theirs, _)): mine == theirs
        default: false
        }
    }
}
