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
        var meaning = mix(1, hash(model))
        if let input = envelope.input { meaning = mix(meaning, hash(input)) }
        if let options = envelope.options, !options.isNull { meaning = mix(meaning, optionsHash(options)) }
        return meaning == 0 ? 1 : meaning
    }

    /// Options are an object as a text (GEN-9): it is the object that counts.
    private static func optionsHash(_ options: JSONValue) -> UInt64 {
        guard let text = options.utf8 else { return hash(options) }
        guard case .success(let inner) = withJSON(Array(text), { hash($0) }) else { return hash(options) }
        return inner
    }

    /// As deep as the reader goes, which has a limit.
    private static func hash(_ value: JSONValue) -> UInt64 {
        switch value.kind {
        case .object:
            // A sum, so that the order of the members does not matter.
            var sum: UInt64 = 2
            for member in value.members where !member.value.isNull && !isVolatile(member.key) {
                sum &+= mix(hash(member.key), hash(member.value))
            }
            return mix(3, sum)
        case .array:
            var all: UInt64 = 4
            for element in value.elements { all = mix(all, hash(element)) }
            return mix(5, all)
        case .string: return value.utf8.map { mix(6, hash($0)) } ?? 6
        case .integer, .number:
            if let integer = value.integer { return mix(7, UInt64(bitPattern: integer)) }
            return mix(8, (value.number ?? 0).bitPattern)
        case .boolean: return value.boolean == true ? 9 : 10
        case .null: return 11
        }
    }

    /// Whether a client may choose the value anew each time it asks for the same.
    private static func isVolatile(_ key: UnsafeBufferPointer<UInt8>) -> Bool {
        key.equals("seed") || key.equals("callBackUrl")
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = mix(12, UInt64(bytes.count))
        let raw = UnsafeRawBufferPointer(bytes)
        var offset = 0
        while offset + 8 <= raw.count {
            hash = mix(hash, UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < raw.count {
            rest = rest << 8 | UInt64(raw[offset])
            offset += 1
        }
        return mix(hash, rest)
    }

    /// The finisher of SplitMix64.
    private static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        var z = (state ^ word) &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
