internal import ClipriseWire

extension Forms {
    /// An object with free keys, at most 32.
    static func map<Value>(
        to form: Form<Value>, keyProblem: @escaping @Sendable (String) -> String?
    ) -> Form<[Pair<Value>]> {
        let schema = Schema.object([
            ("type", .text("object")), ("additionalProperties", form.schema), ("minProperties", .literal("1")),
            ("maxProperties", .literal("32")),
            ("propertyNames", .pattern("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")),
        ])
        return Form<[Pair<Value>]>(schema: schema) { node, findings in
            guard case .object(let members) = node.content, (1...32).contains(members.count) else {
                findings.unexpected(node, expected: "an object of 1 to 32 header fields")
                return nil
            }
            var pairs: [Pair<Value>] = []
            for member in members {
                if let problem = keyProblem(member.key) { findings.add(.senseless(problem), at: member.keyPlace) }
                if let value = form.read(member.value, findings) { pairs.append(Pair(key: member.key, value: value)) }
            }
            return pairs.count == members.count ? pairs : nil
        }.writing { pairs in JSONFragment.object(pairs.map { ($0.key, form.write($0.value)) }) }
    }

    struct Pair<Value: Sendable>: Sendable {
        var key: String
        var value: Value
    }

    /// RFC 9110 §5.6.2.
    static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { $0.isASCIIAlphanumeric || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }
}
