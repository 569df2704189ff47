internal import ClipriseJSON
internal import ClipriseWire

/// The JSON object of a request, valid only inside the closure of `AdminRequest.read`; or what lists its members.
///
/// Each member is asked for with what it is and what is said of it, so that what is read is what is described.
struct AdminBody {
    /// Nil for a description.
    private let json: JSONValue?
    private let text: [UInt8]
    private var members: [AdminMember] = []

    init(_ json: JSONValue, text: [UInt8]) {
        self.json = json
        self.text = text
    }

    private init() {
        json = nil
        text = []
    }

    /// The members that are asked for.
    static func members<Value>(of read: (inout AdminBody) throws(AdminProblem) -> Value) -> [AdminMember] {
        var description = AdminBody()
        // It refuses what it has not got; by then all members were asked for.
        _ = try? read(&description)
        return description.members
    }

    /// The value of a member as it stands, null included.
    mutating func given(
        _ key: StaticString, _ kind: AdminMember.Kind, _ about: String, isRequired: Bool = false
    ) -> JSONValue? {
        guard let json else {
            members.append(AdminMember(key, kind, about, isRequired: isRequired))
            return nil
        }
        return json[key: key]
    }

    /// The value of a member; null counts as absent.
    mutating func value(
        _ key: StaticString, _ kind: AdminMember.Kind, _ about: String, isRequired: Bool = false
    ) -> JSONValue? {
        guard let value = given(key, kind, about, isRequired: isRequired), !value.isNull else { return nil }
        return value
    }

    mutating func string(_ key: StaticString, _ about: String) throws(AdminProblem) -> String? {
        guard let value = value(key, .text, about) else { return nil }
        guard let text = value.string else { throw .bad("Bad \(key)", "\"\(key)\" is a string.") }
        return text
    }

    mutating func boolean(_ key: StaticString, _ about: String) throws(AdminProblem) -> Bool? {
        guard let value = value(key, .flag, about) else { return nil }
        guard let flag = value.boolean else { throw .bad("Bad \(key)", "\"\(key)\" is true or false.") }
        return flag
    }

    mutating func span(_ key: StaticString, _ about: String) throws(AdminProblem) -> TimeSpan? {
        guard let value = value(key, .span, about) else { return nil }
        guard let text = value.string, let span = TimeSpan(text: text) else {
            throw .bad(
                "Bad \(key)",
                "\"\(key)\" is a length of time as a string, such as \"250ms\", \"1.5s\", \"1m30s\" or \"1h\", at most 8760h."
            )
        }
        return span
    }

    mutating func word<Value: RawRepresentable<String> & CaseIterable>(
        _ key: StaticString, _ type: Value.Type, _ about: String
    ) throws(AdminProblem) -> Value? {
        guard let value = value(key, .words(Value.allCases.map(\.rawValue)), about) else { return nil }
        guard let text = value.string else { throw .bad("Bad \(key)", "\"\(key)\" is a string.") }
        return try Self.word(text, "\"\(key)\"", type, title: "Bad \(key)")
    }

    static func word<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ what: String, _ type: Value.Type, title: String
    ) throws(AdminProblem) -> Value {
        if let value = Value(rawValue: text) { return value }
        let words = Value.allCases.map(\.rawValue)
        let meant = Spelling.hint(for: text, in: words, " Did")
        throw .bad(title, "\(what) is one of \(words.joined(separator: ", ")).\(meant)")
    }

    /// An account's key.
    mutating func key(_ key: StaticString, _ about: String) throws(AdminProblem) -> [UInt8]? {
        guard let value = value(key, .text, about) else { return nil }
        guard let bytes = value.utf8, AccountKey.isValid(bytes) else {
            throw .bad("Bad \(key)", "\"\(key)\" is \(AccountKey.rule).")
        }
        return Array(bytes)
    }

    /// The text of one value at its place in the body, with blanks all around it; nil when the key is absent.
    ///
    /// So places in errors about it are places of the body.
    mutating func masked(
        _ key: StaticString, _ kind: AdminMember.Kind, _ about: String, isRequired: Bool = false
    ) -> [UInt8]? {
        guard value(key, kind, about, isRequired: isRequired) != nil,
            let range = JSONLocator(text).range(of: [.key(key.description)])
        else { return nil }
        return text.indices.map { index in
            range.contains(index) || text[index] == UInt8(ascii: "\n") ? text[index] : UInt8(ascii: " ")
        }
    }

    /// The text of one value; nil when the key is absent.
    mutating func raw(
        _ key: StaticString, _ kind: AdminMember.Kind, _ about: String, isRequired: Bool = false
    ) -> ArraySlice<UInt8>? {
        guard value(key, kind, about, isRequired: isRequired) != nil,
            let range = JSONLocator(text).range(of: [.key(key.description)])
        else { return nil }
        return text[range]
    }

    /// The text of one element of a list, by its 0-based position; nil when there is none.
    func element(_ index: Int, of key: StaticString) -> ArraySlice<UInt8>? {
        JSONLocator(text).range(of: [.key(key.description), .index(index)]).map { text[$0] }
    }
}
