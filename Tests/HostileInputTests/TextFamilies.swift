// Bodies that are no JSON, hardly JSON, or very much JSON.

internal import Spoiling

/// The longest body that the server reads; bytes.
private let bodyLimit = 1 << 20

private let spoilers: [[UInt8]] = [
    [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80], [0xFE], [0xF8, 0x88],
]

private let wholes = [
    "", " ", "\0", "null", "true", "0", "-", "\"", "\"\"", "[]", "[", "{", "}", "{}", "{}{}", "{},", "{\"model\"}",
    "{\"model\":}", "{model:1}", "{'model':'flux-2'}", "{\"model\":\"flux-2\",}", "// x\n{}", "{}\0", "\u{FEFF}{}",
    "NaN",
    "model=flux-2&callBackUrl=https://a.example", "<xml/>", "--b\r\nContent-Disposition: form-data\r\n\r\n",
    "{\"a\":01}",
    "{\"a\":1.}", "{\"a\":.1}", "{\"a\":+1}", "{\"a\":0x1}", "{\"a\":Infinity}", "{\"a\":\"\t\"}", "{\"a\":\"\\x\"}",
]

private func nested(_ depth: Int, _ chance: inout Chance) -> [UInt8] {
    let isArray = chance.oneIn(2)
    let open = repeated(isArray ? "[" : "{\"a\":", depth)
    // Half of them are never closed.
    return chance.oneIn(2) ? open : open + ascii("1") + repeated(isArray ? "]" : "}", depth)
}

let textFamilies: [Family] = [
    sound("bodies that are no object", 30) { chance, _ in .generate(Payer.rich, ascii(chance.pick(wholes))) },
    sound("bodies that end too early", 60) { chance, bodies in
        let whole = chance.pick(bodies).bytes
        return .generate(Payer.rich, Array(whole[..<chance.below(whole.count)]))
    },
    sound("bodies that are not UTF-8", 60) { chance, bodies in
        var text = chance.pick(bodies).bytes
        text.insert(contentsOf: chance.pick(spoilers), at: chance.below(text.count))
        return .generate(Payer.rich, text)
    },
    sound("bodies with a byte changed", 60) { chance, bodies in
        var text = chance.pick(bodies).bytes
        text[chance.below(text.count)] = chance.byte()
        return .generate(Payer.poor, text)
    },
    sound("deep bodies", 20) { chance, bodies in
        let deep = nested(chance.pick([63, 64, 65, 1_000, 100_000]), &chance)
        guard chance.oneIn(2) else { return .generate(Payer.poor, deep) }
        var body = chance.pick(bodies)
        body.spoil(with: .raw(deep), &chance)
        return .generate(Payer.poor, body.bytes)
    },
    sound("deep options", 10) { chance, bodies in
        // Options in options in options: the text of a text of a text.
        var text = nested(chance.pick([1, 63, 64, 65, 1_000]), &chance)
        for _ in 0..<chance.below(6) { text = ascii(#"{"options":"#) + Tree.quoted(text) + ascii("}") }
        var body = chance.pick(bodies)
        body.set("options", .raw(Tree.quoted(text)))
        return .generate(Payer.poor, Array(body.bytes.prefix(bodyLimit)))
    },
    sound("endless bodies", 8) { chance, bodies in
        var body = chance.pick(bodies)
        let text = chance.pick(WorstBody.texts)
        let long = repeated(text, (bodyLimit - 8_192) / text.utf8.count)
        switch chance.below(4) {
        case 0: body.set("model", .raw(Tree.quoted(long)))
        case 1: body.set("callBackUrl", .raw(ascii("\"https://") + long + ascii("\"")))
        case 2: body.spoil(with: .raw(ascii("\"") + long + ascii("\"")), &chance)
        default: body.add("input", .object([.init(ascii("\"prompt\""), .raw(ascii("\"") + long + ascii("\"")))]))
        }
        return .generate(Payer.poor, Array(body.bytes.prefix(bodyLimit)))
    },
    sound("endless lists", 8) { chance, bodies in
        .generate(Payer.poor, Array(chance.pick(WorstBody.all).make(chance.pick(bodies)).prefix(bodyLimit)))
    },
    broken("bodies of 10 MB", 1) { chance, _ in
        var draft = Draft.generate(Payer.rich, repeated(chance.pick(["[", "\"", " ", "{\"a\":", "\u{0}"]), 10 << 20))
        draft.body.removeLast(draft.body.count - 10 << 20)
        draft.isChunked = chance.oneIn(2)
        return draft.bytes
    },
]
