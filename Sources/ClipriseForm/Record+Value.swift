public import ClipriseJSON
public import ClipriseWire

extension Record {
    /// Reads the whole object.
    public init(_ json: JSONValue, _ manner: RecordManner, names: ReadNames = ReadNames()) throws(RecordError) {
        self = .blank
        var reader = try RecordReader(json, manner, names: names)
        try reader.read(&self)
    }
}

extension RecordValue where Self: Record {
    public static var kind: RecordKind { .record(RecordDescription(of: blank).members) }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        try self.init(json, manner, names: ReadNames())
    }

    public func write(to writer: inout JSONWriter) { writer.object { $0.members(of: self) } }
}
