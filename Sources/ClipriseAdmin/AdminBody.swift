internal import ClipriseJSON
internal import ClipriseWire

/// The JSON object of a request, valid only inside the closure of `AdminRequest.read`.
struct AdminBody {
    let json: JSONValue
    private let text: [UInt8]

    init(_ json: JSONValue, text: [UInt8]) {
        self.json = json
        self.text = text
    }

    /// The value of a key; null counts as absent.
    func value(_ key: StaticString) -> JSONValue? {
        guard let value = json[key: key], !value.isNull else { return nil }
        return value
    }

    func has(_ key: StaticString) -> Bool { value(key) != nil }

    func string(_ key: StaticString) throws(AdminProblem) -> String? {
        guard let value = value(key) else { return nil }
        guard let text = value.string else { throw .bad("Bad \(key)", "\"\(key)\" is a string.") }
        return text
    }

    func boolean(_ key: StaticString) throws(AdminProblem) -> Bool? {
        guard let value = value(key) else { return nil }
        guard let flag = value.boolean else { throw .bad("Bad \(key)", "\"\(key)\" is true or false.") }
        return flag
    }

    func span(_ key: StaticString) throws(AdminProblem) -> TimeSpan? {
        guard let value = value(key) else { return nil }
        guard let text = value.string, let span = TimeSpan(text: text) else {
            throw .bad(
                "Bad \(key)",
                "\"\(key)\" is a length of time as a string, such as \"250ms\", \"1.5s\", \"1m30s\" or \"1h\", at most 8760h."
            )
        }
        return span
    }

    func word<Value: RawRepresentable<String> & CaseIterable>(
        _ key: StaticString, _ type: Value.Type
    ) throws(AdminProblem) -> Value? {
        guard let text = try string(key) else { return nil }
        return try Self.word(text, "\"\(key)\"", type, title: "Bad \(key)")
    }

    static func word<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ what: String, _ type: Value.Type, title: String
    ) throws(AdminProblem) -> Value {
        if let value = Value(rawValue: text) { return value }
        let words = Value.allCases.map(\.rawValue)
        let meant = Spelling.nearest(to: text, in: words).map { " Did you mean \"\($0)\"?" } ?? ""
        throw .bad(title, "\(what) is one of \(words.joined(separator: ", ")).\(meant)")
    }

    /// An account's key.
    func key(_ key: StaticString) throws(AdminProblem) -> [UInt8]? {
        guard let value = value(key) else { return nil }
        guard let bytes = value.utf8, AccountKey.isValid(bytes) else {
            throw .bad("Bad \(key)", "\"\(key)\" is \(AccountKey.rule).")
        }
        return Array(bytes)
    }

    /// The text of one value at its place in the body, with blanks all around it; nil when the key is absent.
    ///
    /// So places in errors about it are places of the body.
    func masked(_ key: StaticString) -> [UInt8]? {
        guard has(key), let range = JSONLocator(text).range(of: [.key(key.description)]) else { return nil }
        return text.indices.map { index in
            range.contains(index) || text[index] == UInt8(ascii: "\n") ? text[index] : UInt8(ascii: " ")
        }
    }

    /// The text of one value; nil when the key is absent.
    func raw(_ key: StaticString) -> ArraySlice<UInt8>? {
        guard has(key), let range = JSONLocator(text).range(of: [.key(key.description)]) else { return nil }
        return text[range]
    }

    /// The text of one element of a list, by its 0-based position; nil when there is none.
    func element(_ index: Int, of key: StaticString) -> ArraySlice<UInt8>? {
        JSONLocator(text).range(of: [.key(key.description), .index(index)]).map { text[$0] }
    }
}
