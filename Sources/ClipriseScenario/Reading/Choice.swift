/// A value that can be written in several ways: as a word, as an object that is known by its main key, or otherwise.
///
/// Of the ways that can write a value the first is taken: number or text, list, object, object with a main key, word.
package struct Choice<Value: Sendable & Hashable>: Sendable {
    package struct Word: Sendable {
        var word: String
        var value: Value

        package init(_ word: String, _ value: Value) {
            self.word = word
            self.value = value
        }
    }

    package struct Keyed: Sendable {
        var key: String
        var form: Form<Value>

        package init(_ key: String, _ form: Form<Value>) {
            self.key = key
            self.form = form
        }

        /// An object that has only its main key.
        ///
        /// - Parameters:
        ///   - what: The object's name in messages.
        ///   - back: What stands at the key of a value; nil for a value that is written otherwise.
        package init<Part>(
            _ key: String, in what: String, _ part: Form<Part>, _ about: String,
            _ make: @escaping @Sendable (Part) -> Value, back: @escaping @Sendable (Value) -> Part? = { _ in nil }
        ) {
            let form = Form<Value>.object(what) { $0.required(key, part, about).map(make) }
            self.init(key, form.writing { back($0).map { JSONFragment.object(key, part.json($0)) } })
        }
    }

    /// What is chosen, for messages: `a fault`.
    let what: String
    let words: [Word]
    /// Objects, each known by a key that no other of them has.
    let keyed: [Keyed]
    /// The form of any other object.
    private let object: Form<Value>?
    /// The form of numbers, and of texts that are none of the words.
    private let scalar: Form<Value>?
    private let list: Form<Value>?

    package init(
        what: String, words: [Word] = [], keyed: [Keyed] = [], object: Form<Value>? = nil, scalar: Form<Value>? = nil,
        list: Form<Value>? = nil
    ) {
        self.what = what
        self.words = words
        self.keyed = keyed
        self.object = object
        self.scalar = scalar
        self.list = list
    }

    package var form: Form<Value> {
        let choice = self
        return Form(schema: schema, read: { choice.read($0, $1) }, write: { choice.write($0) })
    }

    private func write(_ value: Value) -> String? {
        for form in [scalar, list, object] + keyed.map(\.form) { if let text = form?.write(value) { return text } }
        return words.first { $0.value == value }.map { JSONFragment.text($0.word) }
    }

    private var schema: Schema {
        var choices: [Schema] = []
        if !words.isEmpty { choices.append(.words(words.map(\.word))) }
        if let scalar { choices.append(scalar.schema) }
        if let list { choices.append(list.schema) }
        choices += keyed.map(\.form.schema)
        if let object { choices.append(object.schema) }
        return .any(of: choices)
    }

    private func read(_ node: SourceNode, _ findings: Findings) -> Value? {
        switch node.content {
        case .text(let text):
            if let word = words.first(where: { $0.word == text }) { return word.value }
            if let scalar { return scalar.read(node, findings) }
            if keyed.contains(where: { $0.key == text }) {
                findings.add(.senseless("\"\(text)\" needs its value: {\(text): …}"), at: node.place)
            } else if words.isEmpty, keyed.isEmpty {
                findings.unexpected(node, expected: expected)
            } else {
                findings.add(.unknownWord(text, allowed: words.map(\.word) + newKeys), at: node.place)
            }
            return nil
        case .list where list != nil: return list?.read(node, findings)
        case .object(let members): return read(node, members, findings)
        case .number where scalar != nil, .boolean where scalar != nil: return scalar?.read(node, findings)
        case .nothing, .boolean, .number, .list:
            findings.unexpected(node, expected: expected)
            return nil
        }
    }

    private func read(_ node: SourceNode, _ members: [SourceNode.Member], _ findings: Findings) -> Value? {
        let main = members.filter { member in keyed.contains { $0.key == member.key } }
        if main.count > 1 {
            let keys = main.map(\.key).joined(separator: " and ")
            findings.add(.senseless("\(what) has one of its kinds; this one has \(keys)"), at: main[1].keyPlace)
            return nil
        }
        if let key = main.first?.key { return keyed.first { $0.key == key }?.form.read(node, findings) }
        if let object { return object.read(node, findings) }
        if let first = members.first, !keyed.isEmpty {
            if words.contains(where: { $0.word == first.key }) {
                findings.add(.senseless("\"\(first.key)\" stands alone, without a value"), at: first.keyPlace)
            } else {
                findings.add(.unknownKey(first.key, allowed: keyed.map(\.key)), at: first.keyPlace)
            }
        } else {
            findings.unexpected(node, expected: expected)
        }
        return nil
    }

    private var newKeys: [String] {
        keyed.map(\.key).filter { key in !words.contains { $0.word == key } }
    }

    private var expected: String {
        var ways: [String] = []
        if !words.isEmpty { ways.append("one of \(words.map(\.word).joined(separator: ", "))") }
        if !keyed.isEmpty { ways.append("an object with one of \(keyed.map(\.key).joined(separator: ", "))") }
        if object != nil { ways.append("an object") }
        if list != nil { ways.append("a list") }
        return "\(what): \(ways.joined(separator: ", or "))"
    }
}
