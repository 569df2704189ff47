package import ClipriseConformance
internal import ClipriseJSON
internal import ClipriseOpenAPI

/// One request that came to the proxy, and what became of it; without keys and media.
package struct SeenExchange: Sendable {
    package enum Kind: String, Sendable, Hashable {
        case generate, status, other
    }

    package struct Answer: Sendable, Hashable {
        package var status: Int
        package var contentType: String?
        package var retryAfter: String?
        /// Empty for a file.
        package var body: [UInt8]
        /// The bytes that came, and those that were announced.
        package var size: Int
        package var announced: Int?
        package var isFile = false
        package var isWhole = true

        package var observation: Observation {
            Observation(status: status, contentType: contentType, body: body)
        }
    }

    package enum Result: Sendable, Hashable {
        case answered(Answer)
        /// It left, and no answer came.
        case lost(String)
        /// It never left.
        case notSent(String)
        /// The leash held it back.
        case withheld(String)
    }

    /// What the contract answers, and where a profile file has its own.
    package struct Expected: Sendable, Hashable {
        package var slot: String
        package var answer: Observation
    }

    /// 1-based, in the order of coming.
    package var number: Int
    /// Milliseconds since the proxy listened, and from request to answer.
    package var at: Int64
    package var took: Int64 = 0
    package var kind: Kind
    package var method: String
    package var target: String
    /// Which key it was, counted from 1; nil for none.
    package var key: Int?
    package var task: String?
    package var wantsFile = false
    package var model: String?
    /// The refusal of a request with a good key; nil when it is no refusal.
    package var expected: Expected?
    /// The same for a key that nobody has.
    package var expectedOfStranger: Expected?
    package var request = ""
    package var result: Result
    /// The credits that stayed at stake.
    package var credits: Int64 = 0
}

extension SeenExchange {
    // MARK: Lines

    /// A line of JSON with its end.
    package var line: [UInt8] { Array((tree.compact + "\n").utf8) }

    private var tree: JSONTree {
        var tree: JSONTree = [
            "number": .number(Double(number)), "at": .number(Double(at)), "took": .number(Double(took)),
            "kind": .text(kind.rawValue), "method": .text(method), "target": .text(target),
        ]
        if let key { tree["key"] = .number(Double(key)) }
        if let task { tree["task"] = .text(task) }
        if wantsFile { tree["file"] = true }
        if let model { tree["model"] = .text(model) }
        if credits != 0 { tree["credits"] = .number(Double(credits)) }
        if !request.isEmpty { tree["request"] = .text(request) }
        switch result {
        case .answered(let answer): tree["answer"] = Self.tree(answer)
        case .lost(let reason): tree["lost"] = .text(reason)
        case .notSent(let reason): tree["notSent"] = .text(reason)
        case .withheld(let reason): tree["withheld"] = .text(reason)
        }
        if let expected { tree["expected"] = Self.tree(expected) }
        if let expectedOfStranger { tree["expectedOfStranger"] = Self.tree(expectedOfStranger) }
        return tree
    }

    private static func tree(_ answer: Answer) -> JSONTree {
        var tree: JSONTree = ["status": .number(Double(answer.status))]
        if let type = answer.contentType { tree["contentType"] = .text(type) }
        if let wait = answer.retryAfter { tree["retryAfter"] = .text(wait) }
        tree["size"] = .number(Double(answer.size))
        if let announced = answer.announced { tree["announced"] = .number(Double(announced)) }
        if answer.isFile { tree["file"] = true }
        if !answer.isWhole { tree["whole"] = false }
        if !answer.body.isEmpty { tree["body"] = .text(String(decoding: answer.body, as: UTF8.self)) }
        return tree
    }

    private static func tree(_ expected: Expected) -> JSONTree {
        var tree: JSONTree = ["slot": .text(expected.slot), "status": .number(Double(expected.answer.status))]
        if let type = expected.answer.contentType { tree["contentType"] = .text(type) }
        tree["body"] = .text(String(decoding: expected.answer.body, as: UTF8.self))
        return tree
    }

    /// Reads a line; nil for one that is none.
    package init?(line: [UInt8]) {
        guard case .success(let exchange?) = withJSON(line, { SeenExchange($0) }) else { return nil }
        self = exchange
    }

    /// Milliseconds of a run: a year.
    private static let times: ClosedRange<Int64> = 0...31_622_400_000
    private static let statuses: ClosedRange<Int64> = 100...999

    private init?(_ json: JSONValue) {
        guard let number = json.member("number")?.integer, let at = json.member("at")?.integer, Self.times.contains(at),
            let word = json.member("kind")?.string, let kind = Kind(rawValue: word)
        else { return nil }
        let took = json.member("took")?.integer ?? 0
        guard Self.times.contains(took) else { return nil }
        if let answer = json.member("answer") {
            guard let status = answer.member("status")?.integer, Self.statuses.contains(status) else { return nil }
            result = .answered(
                Answer(
                    status: Int(status), contentType: answer.member("contentType")?.string,
                    retryAfter: answer.member("retryAfter")?.string,
                    body: Array((answer.member("body")?.string ?? "").utf8),
                    size: Int(answer.member("size")?.integer ?? 0),
                    announced: answer.member("announced")?.integer.map { Int($0) },
                    isFile: answer.member("file")?.boolean ?? false,
                    isWhole: answer.member("whole")?.boolean ?? true))
        } else if let reason = json.member("lost")?.string {
            result = .lost(reason)
        } else if let reason = json.member("notSent")?.string {
            result = .notSent(reason)
        } else {
            result = .withheld(json.member("withheld")?.string ?? "")
        }
        self.number = Int(number)
        self.at = at
        self.took = took
        self.kind = kind
        method = json.member("method")?.string ?? ""
        target = json.member("target")?.string ?? ""
        key = json.member("key")?.integer.map { Int($0) }
        task = json.member("task")?.string
        wantsFile = json.member("file")?.boolean ?? false
        model = json.member("model")?.string
        credits = json.member("credits")?.integer ?? 0
        request = json.member("request")?.string ?? ""
        expected = Self.expected(json.member("expected"))
        expectedOfStranger = Self.expected(json.member("expectedOfStranger"))
    }

    private static func expected(_ json: JSONValue?) -> Expected? {
        guard let json, let slot = json.member("slot")?.string, let status = json.member("status")?.integer,
            statuses.contains(status)
        else { return nil }
        return Expected(
            slot: slot,
            answer: Observation(
                status: Int(status), contentType: json.member("contentType")?.string,
                body: Array((json.member("body")?.string ?? "").utf8)))
    }
}
