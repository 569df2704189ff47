public import ClipriseWire

extension RecordDescription {
    /// Writes the description as JSON Schema (2020-12, which OpenAPI 3.1 has).
    public func writeSchema(to writer: inout JSONWriter) { write(.record(members), to: &writer) }

    /// The members of the schema; the object is opened and closed by whoever calls.
    public func writeSchemaMembers(to writer: inout JSONWriter) { writeMembers(of: .record(members), to: &writer) }

    private func write(_ kind: RecordKind, to writer: inout JSONWriter) {
        writer.object { writeMembers(of: kind, to: &$0) }
    }

    private func writeMembers(of kind: RecordKind, to writer: inout JSONWriter) {
        switch kind {
        case .json: break
        case .record(let members):
            writer.member("type", "object")
            writer.member("required", array: members.filter { !$0.isOptional }) { $0.string($1.key) }
            writer.member("properties") { writer in
                for member in members {
                    writer.key(text: member.key)
                    writer.object { writer in
                        if !member.about.isEmpty { writer.member("description", member.about) }
                        writeMembers(of: member.kind, to: &writer)
                    }
                }
            }
            if isClosed { writer.member("additionalProperties", false) }
        case .real: writer.member("type", "number")
        case .text: writer.member("type", "string")
        case .bytes: writer.member("type", texts: ["string", "object"])
        case .flag: writer.member("type", "boolean")
        case .integer(let range): write(range, to: &writer)
        case .number(.decimal): writer.string("^[0-9]{1,20}$", as: "pattern")
        case .number(.hexadecimal): writer.string("^[0-9a-f]{16}$", as: "pattern")
        case .id: writer.string("^[0-9a-f]{32}$", as: "pattern")
        case .time(.date) where isView: writer.string("date-time", as: "format")
        case .time where isView: writer.member("type", "number")
        case .time(.instant): write(RecordRange.instants, to: &writer)
        case .time(.date): write(RecordRange.dates, to: &writer)
        case .time(.span(let range)): write(range, to: &writer)
        case .word(let words): writer.member("enum", texts: words)
        case .name: writer.member("type", texts: isView ? ["string"] : ["string", "integer"])
        case .list(let kind):
            writer.member("type", "array")
            writer.key("items")
            write(kind, to: &writer)
        case .entries(let kind):
            writer.member("type", "object")
            writer.key("additionalProperties")
            write(kind, to: &writer)
        case .any(let kinds): writer.member("anyOf", array: kinds) { write($1, to: &$0) }
        }
    }

    private func write(_ range: ClosedRange<Int64>, to writer: inout JSONWriter) {
        writer.member("type", "integer")
        writer.member("minimum", range.lowerBound)
        writer.member("maximum", range.upperBound)
    }
}

extension JSONWriter {
    fileprivate mutating func string(_ rule: String, as key: StaticString) {
        member("type", "string")
        member(key, rule)
    }
}
