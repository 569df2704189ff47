public import ClipriseWire

extension RecordDescription {
    /// Writes the description as JSON Schema (2020-12, which OpenAPI 3.1 has).
    public func writeSchema(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "object")
            writer.member("required", array: members.filter { !$0.isOptional }) { $0.string($1.key) }
            writer.key("properties")
            writer.object { writer in
                for member in members {
                    writer.key(text: member.key)
                    write(member.kind, to: &writer)
                }
            }
        }
    }

    private func write(_ kind: Kind, to writer: inout JSONWriter) {
        if case .record(let record) = kind { return record.writeSchema(to: &writer) }
        writer.object { writeMembers(of: kind, to: &$0) }
    }

    private func writeMembers(of kind: Kind, to writer: inout JSONWriter) {
        switch kind {
        case .json, .record: break
        case .text: writer.member("type", "string")
        case .bytes: writer.member("type", array: ["string", "object"]) { $0.string($1) }
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
        case .word(let words): writer.member("enum", array: words) { $0.string($1) }
        case .name: writer.member("type", array: isView ? ["string"] : ["string", "integer"]) { $0.string($1) }
        case .list(let kind):
            writer.member("type", "array")
            writer.key("items")
            write(kind, to: &writer)
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
