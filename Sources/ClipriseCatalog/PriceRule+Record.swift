public import ClipriseForm
public import ClipriseJSON
public import ClipriseWire

extension PriceRule: Record {
    private enum Per: String, CaseIterable { case task, second, block }

    public static var blank: PriceRule { PriceRule(unit: .task, unitFrom: .assumed, rows: []) }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var (per, seconds, block) = (Per.task, Seconds?.none, Block?.none)
        switch unit {
        case .task: break
        case .second(let known): (per, seconds) = (.second, known)
        case .block(let key, let characters): (per, block) = (.block, Block(key: key, characters: characters))
        }
        visitor.about("What a row is paid for: the task, each started second, or each started block of characters.")
        try visitor.word("per", &per)
        try visitor.word("per_from", &unitFrom)
        visitor.about("Of which text, and how many characters, with per block.")
        try visitor.optional("block", &block)
        try visitor.demand(per != .block || block != nil, nil, .missing("block"))
        visitor.about("Where the seconds come from, with per second.")
        try visitor.optional("seconds", &seconds)
        try visitor.demand(per != .second || seconds != nil, nil, .missing("seconds"))
        try visitor.optional("seconds_from", &secondsFrom)
        try visitor.records("rows", &rows)
        try visitor.demand((1...32).contains(rows.count), "rows", .expected("1 to 32 rows"))
        switch (per, seconds, block) {
        case (.second, let seconds?, _): unit = .second(seconds)
        case (.block, _, let block?): unit = .block(key: block.key, characters: block.characters)
        default: unit = .task
        }
    }

    private struct Block: Record {
        var key: String
        var characters: Int

        static var blank: Block { Block(key: "", characters: 1) }

        mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
            try visitor.value("key", &key)
            try visitor.integer("characters", &characters, in: 1...1_000_000)
        }
    }
}

extension PriceRule.Seconds: Record {
    public static var blank: PriceRule.Seconds { .media }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        var (key, frames, rate, isMedia) = (String?.none, String?.none, String?.none, Bool?.none)
        switch self {
        case _ where visitor.isReading: break
        case .parameter(let known): key = known
        case .media: isMedia = true
        case .frames(let known, let knownRate): (frames, rate) = (known, knownRate)
        }
        try visitor.optional(value: "key", &key)
        visitor.about("The seconds of the media, as media_seconds says.")
        try visitor.optional("media", &isMedia)
        visitor.about("Frames, over rate: frames in a second.")
        try visitor.optional(value: "frames", &frames)
        try visitor.optional(value: "rate", &rate)
        if let key {
            self = .parameter(key: key)
        } else if let frames {
            try visitor.demand(rate != nil, nil, .missing("rate"))
            self = .frames(key: frames, rateKey: rate ?? "")
        } else {
            try visitor.demand(isMedia != nil, nil, .missing("media"))
            try visitor.demand(isMedia == true, "media", .expected("true"))
            self = .media
        }
    }
}

extension PriceRule.Row: Record {
    public static var blank: PriceRule.Row {
        PriceRule.Row(unit: "", credits: 0, from: .assumed, conditions: [], conditionsFrom: .assumed)
    }

    public mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
        visitor.about("The label of the row as it is published.")
        try visitor.value("unit", &unit)
        try visitor.integer("credits", &credits, in: 0...1_000_000)
        try visitor.word("from", &from)
        visitor.about("What selects the row, by parameter; references stands for all that carry media.")
        try visitor.entries("when", &conditions)
        try visitor.word("when_from", &conditionsFrom)
    }
}

extension PriceRule.Test: RecordValue {
    /// A test that no value of a list stands for.
    private struct Measure: Record, RecordValue {
        var present: Bool?
        var sum: Double?

        static var blank: Measure { Measure() }

        mutating func visit<Visitor: RecordVisitor>(_ visitor: inout Visitor) throws(Visitor.Failure) {
            visitor.about("Whether there is a value at all.")
            try visitor.optional("present", &present)
            visitor.about("The sum over the items, as items_sum says.")
            try visitor.optional(value: "sum", &sum)
            try visitor.demand(present != nil || sum != nil, nil, .missing("sum"))
            try visitor.demand(
                Parameter.Sum.range.contains(sum ?? 0), "sum", .expected("a number from 0 to 86400"))
        }
    }

    public static var kind: RecordKind { .any([Scalar.kind, [Scalar].kind, Measure.kind]) }

    public init(_ json: JSONValue, _ manner: RecordManner) throws(RecordError) {
        switch json.kind {
        case .object:
            let measure = try Measure(json, manner)
            self = measure.present.map { .present($0) } ?? .sum(measure.sum ?? 0)
        case .array:
            let scalars = try [Scalar](json, manner)
            guard !scalars.isEmpty else { throw RecordError([], .expected("at least one value")) }
            self = .oneOf(scalars)
        default: self = .oneOf([try Scalar(json, manner)])
        }
    }

    public func write(to writer: inout JSONWriter) {
        switch self {
        case .oneOf(let scalars) where scalars.count == 1: scalars[0].write(to: &writer)
        case .oneOf(let scalars): scalars.write(to: &writer)
        case .present(let present): Measure(present: present).write(to: &writer)
        case .sum(let sum): Measure(sum: sum).write(to: &writer)
        }
    }
}
