internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseWire

/// One value of a snapshot that is read, with its place for messages.
struct SnapshotNode {
    let json: JSONValue
    let path: String

    func problem(_ expected: String) -> AdminProblem {
        .bad("Bad snapshot", "\(path.isEmpty ? "The snapshot" : path): expected \(expected). Nothing was changed.")
    }

    /// Refuses keys that no snapshot has.
    func allow(_ known: [String]) throws(AdminProblem) {
        guard json.isObject else { throw problem("an object") }
        for member in json.members {
            let key = String(decoding: member.key, as: UTF8.self)
            guard known.contains(key) else { throw problem("no key \"\(key.prefix(80))\"") }
        }
    }

    /// The value of a key, or nil.
    func find(_ key: String) -> SnapshotNode? {
        json.member(key).map { SnapshotNode(json: $0, path: path.isEmpty ? key : "\(path).\(key)") }
    }

    func get(_ key: String) throws(AdminProblem) -> SnapshotNode {
        guard let node = find(key) else { throw problem("a key \"\(key)\"") }
        return node
    }

    func text() throws(AdminProblem) -> String {
        guard let text = json.string else { throw problem("a string") }
        return text
    }

    func integer() throws(AdminProblem) -> Int64 {
        guard let number = json.integer else { throw problem("a whole number") }
        return number
    }

    func integer(_ range: ClosedRange<Int64>) throws(AdminProblem) -> Int64 {
        let number = try integer()
        guard range.contains(number) else {
            throw problem("a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func count(_ limit: Int = Int(Int32.max)) throws(AdminProblem) -> Int { Int(try integer(0...Int64(limit))) }

    /// A time that a clock can show.
    func instant() throws(AdminProblem) -> Instant {
        Instant(nanoseconds: try integer(0...AccountClock.latest.nanoseconds))
    }

    func flag() throws(AdminProblem) -> Bool {
        guard let flag = json.boolean else { throw problem("true or false") }
        return flag
    }

    func word<Value: RawRepresentable<String> & CaseIterable>(_ type: Value.Type) throws(AdminProblem) -> Value {
        guard let value = Value(rawValue: try text()) else {
            throw problem("one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return value
    }

    /// A number of 64 bits as text.
    func hash() throws(AdminProblem) -> UInt64 {
        guard let number = UInt64(try text()) else { throw problem("a whole number as a string") }
        return number
    }

    func list<Value>(
        _ read: (SnapshotNode) throws(AdminProblem) -> Value
    ) throws(AdminProblem) -> [Value] {
        guard json.kind == .array else { throw problem("an array") }
        var values: [Value] = []
        for element in json.elements {
            values.append(try read(SnapshotNode(json: element, path: "\(path)[\(values.count)]")))
        }
        return values
    }

    /// The value as text of its own.
    var source: [UInt8] {
        var writer = JSONWriter()
        writer.value(json)
        return writer.bytes
    }
}

extension JSONWriter {
    /// A value that was read.
    mutating func value(_ json: JSONValue) {
        switch json.kind {
        case .object:
            object { writer in
                for member in json.members {
                    writer.key(text: String(decoding: member.key, as: UTF8.self))
                    writer.value(member.value)
                }
            }
        case .array:
            array { writer in
                for element in json.elements { writer.value(element) }
            }
        case .string: string(json.string ?? "")
        case .integer:
            if let integer = json.integer { self.integer(integer) } else { raw("\(json.number ?? 0)".utf8) }
        case .number: raw("\(json.number ?? 0)".utf8)
        case .boolean: boolean(json.boolean ?? false)
        case .null: null()
        }
    }
}
