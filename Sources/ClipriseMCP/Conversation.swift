internal import ClipriseJSON
internal import ClipriseOpenAPI
internal import ClipriseVersion
internal import ClipriseWire

/// One conversation in the Model Context Protocol: messages of JSON-RPC 2.0 come in, answers go out.
package struct Conversation {
    /// The editions of the protocol that are spoken, the newest first.
    static let versions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
    /// The longest message, in bytes.
    package static let limit = 4 << 20

    private var tools: ToolBox

    package init(_ program: OwnProgram = OwnProgram()) {
        tools = ToolBox(program)
    }

    /// Ends what the tools started.
    package mutating func end() { tools.end() }

    /// Answers a message.
    ///
    /// - Parameter line: Without its line break.
    /// - Returns: One line without its line break; nil for what is not to be answered.
    package mutating func answer(_ line: [UInt8]) -> String? {
        guard line.count <= Self.limit else {
            return error(nil, -32600, "A message is at most \(Self.limit) bytes.").compact
        }
        let read = withJSON(line) { json in answer(json) }
        switch read {
        case .success(let answer): return answer?.compact
        case .failure(let reason): return error(nil, -32700, "The message is no JSON: \(reason)").compact
        }
    }

    private mutating func answer(_ json: JSONValue) -> JSONTree? {
        guard json.isObject, json.member("jsonrpc")?.string == "2.0" else {
            return error(nil, -32600, "A message is a JSON object with \"jsonrpc\": \"2.0\".")
        }
        let given = json.member("id")
        guard let method = json.member("method")?.string else {
            // An answer of the other side, to a question that was never asked.
            if json.member("result") != nil || json.member("error") != nil { return nil }
            return error(id(given), -32600, "The message has no method.")
        }
        guard let given else { return nil }
        guard let id = id(given) else { return error(nil, -32600, "An id is a string or a number.") }
        let params = json.member("params")
        switch method {
        case "initialize": return result(id, hello(params?.member("protocolVersion")?.string))
        case "ping": return result(id, [:])
        case "tools/list": return result(id, ["tools": .list(Tool.all.map(\.tree))])
        case "tools/call": return call(id, params)
        case "resources/list": return result(id, ["resources": .list(Library.all)])
        case "resources/templates/list": return result(id, ["resourceTemplates": []])
        case "resources/read": return read(id, params)
        default: return error(id, -32601, "There is no method \"\(method)\".")
        }
    }

    private func hello(_ version: String?) -> JSONTree {
        [
            "protocolVersion": .text(version.flatMap { Self.versions.contains($0) ? $0 : nil } ?? Self.versions[0]),
            "capabilities": [
                "tools": ["listChanged": false], "resources": ["listChanged": false, "subscribe": false],
            ],
            "serverInfo": ["name": "cliprise-mock", "version": .text(Version.number)],
            "instructions": .text(
                "A mock of the paid Cliprise API. Read the clauses (clause://…), write the client, then: start a mock "
                    + "with a scenario, run the client against its URL, grade it, and explain the events that cost credits."
            ),
        ]
    }

    private mutating func call(_ id: JSONTree, _ params: JSONValue?) -> JSONTree {
        guard let name = params?.member("name")?.string else { return error(id, -32602, "\"name\" is missing.") }
        guard let tool = Tool.all.first(where: { $0.name == name }) else {
            let meant = Spelling.nearest(to: name, in: Tool.all.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? "."
            return error(id, -32602, "There is no tool \"\(name)\"\(meant)")
        }
        let arguments = params?.member("arguments")
        if let problem = tool.problem(with: arguments) { return error(id, -32602, problem) }
        let answer = tools.use(name, arguments)
        return result(
            id, ["content": [["type": "text", "text": .text(answer.text)]], "isError": .boolean(answer.isError)])
    }

    private func read(_ id: JSONTree, _ params: JSONValue?) -> JSONTree {
        guard let uri = params?.member("uri")?.string else { return error(id, -32602, "\"uri\" is missing.") }
        guard let found = Library.read(uri) else { return error(id, -32002, "There is no resource \"\(uri)\".") }
        return result(
            id, ["contents": [["uri": .text(uri), "mimeType": .text(found.type), "text": .text(found.text)]]])
    }

    // MARK: JSON-RPC

    private func id(_ json: JSONValue?) -> JSONTree? {
        if let text = json?.string { return .text(text) }
        return json?.number.map { .number($0) }
    }

    private func result(_ id: JSONTree, _ result: JSONTree) -> JSONTree {
        ["jsonrpc": "2.0", "id": id, "result": result]
    }

    private func error(_ id: JSONTree?, _ code: Int, _ message: String) -> JSONTree {
        ["jsonrpc": "2.0", "id": id ?? .null, "error": ["code": .number(Double(code)), "message": .text(message)]]
    }
}

extension Tool {
    /// What is wrong with the arguments of a call; nil when nothing is.
    func problem(with given: JSONValue?) -> String? {
        if let given, !given.isObject, !given.isNull { return "\"arguments\" must be an object." }
        for member in given.map({ Array($0.members) }) ?? [] {
            let key = String(decoding: member.key, as: UTF8.self)
            guard let argument = arguments.first(where: { $0.name == key }) else {
                let meant = Spelling.nearest(to: key, in: arguments.map(\.name)).map { "; did you mean \"\($0)\"?" }
                return "\(name) has no argument \"\(key)\"\(meant ?? ".")"
            }
            let fits =
                switch argument.type {
                case "string": member.value.isString
                case "integer": member.value.integer != nil
                case "number": member.value.number != nil
                case "boolean": member.value.boolean != nil
                default: member.value.isObject
                }
            guard fits || member.value.isNull else { return "\"\(key)\" must be of type \(argument.type)." }
        }
        for argument in arguments where argument.isRequired && given?.member(argument.name)?.isNull ?? true {
            return "\"\(argument.name)\" is missing."
        }
        return nil
    }
}
