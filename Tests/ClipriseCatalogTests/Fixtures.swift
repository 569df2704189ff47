import ClipriseCatalog
import Foundation

/// The files under `fixtures`, read from the source tree.
enum Fixtures {
    /// One body and the row of the price table that it must select.
    struct PricedRequest: Sendable, CustomStringConvertible {
        var model: String
        var unit: String
        /// The row's 0-based position among the model's rows.
        var index: Int
        /// The whole price, seconds or blocks multiplied in.
        var credits: Int64
        var secondsOrBlocks: Int64
        var body: TestBody

        var description: String { "\(model) \(index) (\(unit))" }
    }

    struct PublishedRow: Decodable, Sendable, Hashable {
        var unit: String
        var credits: Int64
    }

    struct PublishedModel: Decodable, Sendable {
        var model: String
        var name: String
        var prices: [PublishedRow]
    }

    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("fixtures")

    // A file that cannot be read leaves its list empty; the tests of prices name the loss.
    static let published: [PublishedModel] = read("prices/published-prices.json") ?? []
    static let requests: [PricedRequest] = read("prices/requests.json") ?? []
    static let assumedRequests: [PricedRequest] = read("prices/assumed-requests.json") ?? []

    /// The built-in catalogue, read once.
    static let builtIn = Result { () throws(CatalogError) in try Catalog.builtIn() }

    static var models: [String] { published.map(\.model) }

    /// A body that breaks no documented rule of `model`.
    static func body(_ model: String) throws -> TestBody {
        try requireSome((requests + assumedRequests).first { $0.model == model }?.body, "no request for \(model)")
    }

    private static func read<Value: Decodable>(_ path: String) -> Value? {
        guard let data = try? Data(contentsOf: folder.appendingPathComponent(path)) else { return nil }
        return try? JSONDecoder().decode(Value.self, from: data)
    }
}

struct Missing: Error, CustomStringConvertible {
    var description: String
}

func requireSome<Value>(_ value: Value?, _ message: String) throws(Missing) -> Value {
    guard let value else { throw Missing(description: message) }
    return value
}

extension Fixtures.PricedRequest: Decodable {
    private enum Key: String, CodingKey {
        case model, unit, index, credits, body
        case secondsOrBlocks = "seconds_or_blocks"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        model = try values.decode(String.self, forKey: .model)
        unit = try values.decode(String.self, forKey: .unit)
        index = try values.decode(Int.self, forKey: .index)
        credits = try values.decode(Int64.self, forKey: .credits)
        secondsOrBlocks = try values.decode(Int64.self, forKey: .secondsOrBlocks)
        body = try TestBody(values.decode(JSONText.self, forKey: .body))
    }
}

/// JSON that a test can take apart, change and write again.
indirect enum JSONText: Sendable, Decodable {
    case object([String: JSONText])
    case array([JSONText])
    case string(String)
    /// Any value, as it is written.
    case literal(String)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .literal("null")
        } else if let boolean = try? value.decode(Bool.self) {
            self = .literal("\(boolean)")
        } else if let integer = try? value.decode(Int.self) {
            self = .literal("\(integer)")
        } else if let number = try? value.decode(Double.self) {
            self = .literal("\(number)")
        } else if let text = try? value.decode(String.self) {
            self = .string(text)
        } else if let elements = try? value.decode([JSONText].self) {
            self = .array(elements)
        } else {
            self = .object(try value.decode([String: JSONText].self))
        }
    }

    var text: String {
        switch self {
        case .literal(let literal): literal
        case .string(let string): Self.quoted(string)
        case .array(let elements): "[" + elements.map(\.text).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\($0.value.text)" }
                .joined(separator: ",") + "}"
        }
    }

    static func quoted(_ string: String) -> String {
        var text = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}

/// A generate body that is changed key by key.
struct TestBody: Sendable {
    private var root: [String: JSONText] = [:]
    private var input: [String: JSONText] = [:]
    private var options: [String: JSONText] = [:]

    init(_ json: JSONText) throws {
        guard case .object(let root) = json else { throw Missing(description: "a body is no object") }
        self.root = root
        if case .object(let input)? = root["input"] { self.input = input }
        if case .string(let text)? = root["options"],
            case .object(let options) = try JSONDecoder().decode(JSONText.self, from: Data(text.utf8))
        {
            self.options = options
        }
    }

    /// Writes a value where `path` says: `input.seed`, `options.model`, or a key of the root.
    ///
    /// - Parameter literal: JSON text, or nil to take the key away.
    mutating func set(_ path: String, _ literal: String?) {
        let value = literal.map { JSONText.literal($0) }
        let steps = path.split(separator: ".", maxSplits: 1).map(String.init)
        switch (steps.first, steps.dropFirst().first) {
        case ("input", let key?):
            input[key] = value
            root["input"] = .object(input)
        case ("options", let key?):
            options[key] = value
            root["options"] = .string(JSONText.object(options).text)
        default: root[path] = value
        }
    }

    func setting(_ path: String, _ literal: String?) -> TestBody {
        var copy = self
        copy.set(path, literal)
        return copy
    }

    func setting(_ edits: [(String, String?)]) -> TestBody {
        edits.reduce(self) { $0.setting($1.0, $1.1) }
    }

    var bytes: [UInt8] { Array(JSONText.object(root).text.utf8) }

    func checked(_ policy: CheckPolicy = CheckPolicy()) throws -> Result<Order, Refusal> {
        try Fixtures.builtIn.get().check(bytes, policy: policy)
    }
}

extension Order {
    /// The warnings as people read them.
    var sentences: [String] { self.warnings.map(\.description) }
}
