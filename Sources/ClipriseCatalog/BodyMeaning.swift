internal import ClipriseJSON
internal import ClipriseWire

/// What a body asks for, as a number: bodies that ask for the same get the same.
///
/// Model, `input` and `options` count; the order of keys, white space, escapes, the spelling of numbers, `null` for an
/// absent value, `seed` and `callBackUrl` do not, nor does any other key at the root, such as an id of the client's own.
public enum BodyMeaning {
    /// - Returns: Never 0 for a body with a model; 0 for one that is no JSON object or names none.
    public static func of(_ body: [UInt8]) -> UInt64 {
        let read = withJSON(body) { root in
            var nothing = BodyHash(UnsafeRawBufferPointer(start: nil, count: 0))
            return of(Envelope(root), beside: &nothing)
        }
        guard case .success(let meaning) = read else { return 0 }
        return meaning
    }

    /// The same for a body that is read already.
    ///
    /// - Parameter body: The hash of its bytes, of which as many steps are taken as there is time for.
    static func of(_ envelope: Envelope, beside body: inout BodyHash) -> UInt64 {
        guard let model = envelope.model, !model.isNull else { return 0 }
        var meaning = mixWord(1, hash(model, &body))
        if let input = envelope.input { meaning = mixWord(meaning, hash(input, &body)) }
        if let options = envelope.options, !options.isNull { meaning = mixWord(meaning, optionsHash(options, &body)) }
        return meaning == 0 ? 1 : meaning
    }

    /// Options are an object as a text (GEN-9): it is the object that counts.
    private static func optionsHash(_ options: JSONValue, _ body: inout BodyHash) -> UInt64 {
        guard let text = options.utf8 else { return hash(options, &body) }
        guard case .success(let inner) = withJSON(Array(text), { hash($0, &body) }) else { return hash(options, &body) }
        return inner
    }

    /// As deep as the reader goes, which has a limit.
    private static func hash(_ value: JSONValue, _ body: inout BodyHash) -> UInt64 {
        switch value.kind {
        case .object:
            // A sum, so that the order of the members does not matter.
            var sum: UInt64 = 2
            for member in value.members where !member.value.isNull && !isVolatile(member.key) {
                sum &+= mixWord(hash(member.key, &body), hash(member.value, &body))
            }
            return mixWord(3, sum)
        case .array:
            var all: UInt64 = 4
            for element in value.elements { all = mixWord(all, hash(element, &body)) }
            return mixWord(5, all)
        case .string: return value.utf8.map { mixWord(6, hash($0, &body)) } ?? 6
        case .integer, .number:
            if let integer = value.integer { return mixWord(7, UInt64(bitPattern: integer)) }
            return mixWord(8, (value.number ?? 0).bitPattern)
        case .boolean: return value.boolean == true ? 9 : 10
        case .null: return 11
        }
    }

    /// Whether a client may choose the value anew each time it asks for the same.
    private static func isVolatile(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        key.equals("seed") || key.equals("callBackUrl")
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, _ body: inout BodyHash) -> UInt64 {
        var hash = mixWord(12, UInt64(bytes.count))
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= raw.count {
            hash = mixWord(hash, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            body.step()
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < raw.count {
            rest = rest << 8 | UInt64(raw[offset])
            offset += 1
        }
        return mixWord(hash, rest)
    }
}
