/// One form of the language: how a value is read, how it is written, and what it looks like.
///
/// The schema, the reader and the writer are made together, so that they cannot tell different stories.
package struct Form<Value: Sendable>: Sendable {
    let schema: Schema
    /// The value, or nil after adding to the findings what is wrong.
    let read: @Sendable (SourceNode, Findings) -> Value?
    /// The value as compact JSON that reads back to it; nil for what is written otherwise, or only read.
    var write: @Sendable (Value) -> String? = { _ in nil }

    /// The value as compact JSON that reads back to it.
    func json(_ value: Value) -> String {
        guard let text = write(value) else { preconditionFailure("only read, never written: \(value)") }
        return text
    }

    /// The form of another value that is written alike.
    ///
    /// - Parameter back: What is written of the other value; nil for what is written otherwise, or only read.
    package func map<Other: Sendable>(
        _ transform: @escaping @Sendable (Value) -> Other, back: @escaping @Sendable (Other) -> Value? = { _ in nil }
    ) -> Form<Other> {
        let (read, write) = (read, write)
        return Form<Other>(
            schema: schema, read: { node, findings in read(node, findings).map(transform) },
            write: { back($0).flatMap(write) })
    }

    func writing(_ write: @escaping @Sendable (Value) -> String?) -> Form {
        Form(schema: schema, read: read, write: write)
    }

    /// The form with further rules; `check` gives the broken rule in words, or nil.
    func checked(_ check: @escaping @Sendable (Value) -> String?) -> Form {
        let read = read
        return Form(
            schema: schema,
            read: { node, findings in
                guard let value = read(node, findings) else { return nil }
                guard let problem = check(value) else { return value }
                findings.add(.senseless(problem), at: node.place)
                return nil
            }, write: write)
    }

    /// The form under a name of the schema's definitions.
    func named(_ name: String) -> Form {
        Form(schema: .named(name, schema), read: read, write: write)
    }
}

extension Form {
    /// A form of one scalar.
    ///
    /// - Parameter expected: What can stand there, for the message when `parse` returns nil.
    static func scalar(
        _ expected: String, schema: Schema, _ parse: @escaping @Sendable (SourceNode.Content) -> Value?
    ) -> Form {
        Form(schema: schema) { node, findings in
            if let value = parse(node.content) { return value }
            findings.unexpected(node, expected: expected)
            return nil
        }
    }

    /// A list whose number of elements is in `count`; each faulty element is reported.
    package static func list<Element>(_ element: Form<Element>, count: ClosedRange<Int>) -> Form
    where Value == [Element] {
        let schema = Schema.object([
            ("type", .text("array")), ("items", element.schema), ("minItems", .literal("\(count.lowerBound)")),
            ("maxItems", .literal("\(count.upperBound)")),
        ])
        let range = "a list of \(count.lowerBound) to \(count.upperBound) elements"
        return Form(schema: schema) { node, findings in
            guard case .list(let nodes) = node.content else {
                findings.unexpected(node, expected: range)
                return nil
            }
            guard count.contains(nodes.count) else {
                findings.add(
                    .unexpected(found: "a list of \(nodes.count) elements", expected: range), at: node.place)
                return nil
            }
            let values = nodes.compactMap { element.read($0, findings) }
            return values.count == nodes.count ? values : nil
        }.writing { JSONFragment.list($0.map(element.json)) }
    }

    /// An object with fixed keys.
    ///
    /// - Parameters:
    ///   - what: The object's name in messages, such as `a rule`.
    ///   - build: Asks for every key, always for all of them, and makes the value. It runs once without an object to
    ///     describe the keys; all answers are nil then.
    package static func object(_ what: String, _ build: @escaping @Sendable (inout Fields) -> Value?) -> Form {
        var description = Fields(describing: what)
        _ = build(&description)
        return Form(schema: description.schema) { node, findings in
            guard case .object(let members) = node.content else {
                findings.unexpected(node, expected: "\(what), an object")
                return nil
            }
            var fields = Fields(what, members: members, place: node.place, findings: findings)
            let value = build(&fields)
            return fields.finish() ? value : nil
        }
    }

    /// An object that one function reads, writes and describes.
    ///
    /// - Parameters:
    ///   - what: The object's name in messages, such as `a rule`.
    ///   - blank: What is read into: what stands for the keys that are absent.
    ///   - visit: Visits every key in the order in which they are written, always all of them.
    package static func record(
        _ what: String, _ blank: Value, _ visit: @escaping @Sendable (inout Value, inout Fields) -> Void
    ) -> Form {
        object(what) { fields in
            var value = blank
            visit(&value, &fields)
            return value
        }.writing { JSONFragment.object(Fields.members(of: $0, visit).map { ($0.key, $0.value.json) }) }
    }
}
