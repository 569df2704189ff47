internal import ClipriseJSON
internal import ClipriseWire

/// What a body asks for, as a number: bodies that ask for the same get the same.
///
/// Model, `input` and `options` count; the order of keys, white space, escapes, the spelling of numbers, `null` for an
/// absent value, `seed` and `callBackUrl` do not, nor does any other key at the root, such as an id of the client's own.
public enum BodyMeaning {
    /// - Returns: Never 0 for a body with a model; 0 for one that is no JSON object or names none.
    public static func of(_ body: [UInt8]) -> UInt64 {
        guard case .success(let meaning) = withJSON(body, { of(Envelope($0)) }) else { return 0 }
        return meaning
    }

    /// The same for a body that is read already.
    static func of(_ envelope: Envelope) -> UInt64 {
        guard let model = envelope.model, !model.isNull else { return 0 }
        var meaning = mixWord(1, hash(model))
        if let input = envelope.input { meaning = mixWord(meaning, hash(input)) }
        if let options = envelope.options, !options.isNull { meaning = mixWord(meaning, optionsHash(options)) }
        return whole(meaning)
    }

    private static func whole(_ meaning: UInt64) -> UInt64 { meaning == 0 ? 1 : meaning }

    /// Options are an object as a text (GEN-9): it is the object that counts.
    private static func optionsHash(_ options: JSONValue) -> UInt64 {
        guard let text = options.utf8 else { return hash(options) }
        guard case .success(let inner) = withJSON(Array(text), { hash($0) }) else { return hash(options) }
        return inner
    }

    /// As deep as the reader goes, which has a limit.
    private static func hash(_ value: JSONValue) -> UInt64 {
        switch value.kind {
        case .object: return mixWord(3, sum(of: value))
        case .array:
            var all: UInt64 = 4
            for element in value.elements { all = mixWord(all, hash(element)) }
            return mixWord(5, all)
        case .string: return value.utf8.map { mixWord(6, hash($0)) } ?? 6
        case .integer, .number:
            if let integer = value.integer { return mixWord(7, UInt64(bitPattern: integer)) }
            return mixWord(8, (value.number ?? 0).bitPattern)
        case .boolean: return value.boolean == true ? 9 : 10
        case .null: return 11
        }
    }

    /// Of the members of an object, so that their order does not matter.
    private static func sum(of object: JSONValue) -> UInt64 {
        var sum: UInt64 = 2
        for member in object.members where !member.value.isNull && !isVolatile(member.key) {
            sum &+= mixWord(hash(member.key), hash(member.value))
        }
        return sum
    }

    /// Whether a client may choose the value anew each time it asks for the same; some models spell it `seeds`.
    private static func isVolatile(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        key.equals("seed") || key.equals("seeds") || key.equals("callBackUrl")
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        mixWord(12, BodyHash.of(UnsafeRawBufferPointer(bytes)))
    }

    /// The meaning of bodies that differ in one text of `input` alone.
    struct Open: Sendable {
        private let model: UInt64
        /// The key of the text, and the sum of all other members.
        private let (key, others): (UInt64, UInt64)
        private let options: UInt64?

        /// - Parameters:
        ///   - key: Names the member of `input` whose value is left open.
        ///   - text: The value, a string.
        init?(_ envelope: Envelope, but key: UnsafeBufferPointer<UInt8>, _ text: JSONValue) {
            guard let model = envelope.model, !model.isNull, let input = envelope.input, !isVolatile(key) else {
                return nil
            }
            self.model = mixWord(1, hash(model))
            self.key = hash(key)
            others = sum(of: input) &- mixWord(self.key, hash(text))
            options = envelope.options.flatMap { $0.isNull ? nil : optionsHash($0) }
        }

        func closed(with text: UnsafeBufferPointer<UInt8>) -> UInt64 {
            let input = mixWord(3, others &+ mixWord(key, mixWord(6, hash(text))))
            let meaning = mixWord(model, input)
            return whole(options.map { mixWord(meaning, $0) } ?? meaning)
        }
    }
}
