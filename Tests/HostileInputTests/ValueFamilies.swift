// Bodies that are JSON, with values that nobody should send.

internal import Spoiling

/// Scalars, as they stand in the text.
///
/// Some are no JSON at all.
private let values: [String] = [
    "null", "true", "false", "{}", "[]", "\"\"", "\" \"", "[null]", "[[]]", "[{}]", "{\"\":{}}", "0", "-0", "-0.0", "1",
    "-1",
    "0.5", "-0.5", "1e0", "1e1", "1e-1", "1e308", "1e309", "1e999", "-1e999", "1e-999", "5e-324", "1E400",
    "1e99999999999",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
    "18446744073709551615", "18446744073709551616", "2147483647", "2147483648", "4294967296", "65536", "32768", "255",
    "1" + String(repeating: "0", count: 400), "0." + String(repeating: "1", count: 5_000), "NaN", "Infinity",
    "-Infinity",
    "\"NaN\"", "\"inf\"", "\"-5\"", "\"1e5\"", "\"0x10\"", "\"99999999999999999999\"", "\"5.0.0\"", "\".\"", "\"-\"",
    "\"٣\"",
    "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud83d\\ud83d\"", "\"\\udc00\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\\u202e\"", "\"\u{202E}\u{FEFF}\u{FFFF}\"", "\"\\u\"", "\"\\u12\"", "\"\\\"", "\"\u{1B}[2J\"",
    "\"\\u001b[2J\\r\\n\"",
    "\"https://\"", "\"https://:1\"", "\"https://a:999999\"", "\"https://[\"", "\"https://[]\"", "\"https://[::1]x\"",
    "\"https://a@\"",
    "\"HTTPS://A\"", "\"javascript:alert(1)\"", "\"file:///etc/passwd\"", "\"https://a/\\u0000\"", "\"data:,\"",
    "\"https://-a\"",
    "\"0:0\"", "\"16:\"", "\":\"", "\"99999999999:1\"", "\"1:0\"", "\"0x0\"", "\"99999999999x1\"", "\"x\"", "\"8193p\"",
    "\"0p\"",
    "\"square_\"", "\"_\"", "\"portrait_0_0\"", "\"K\"", "\"999999999999K\"", "{\"duration\":1e308}",
    "[{\"duration\":1e308},{\"duration\":1e308}]",
    "[{\"Scene\":1,\"duration\":-1e308}]", "[{\"duration\":\"NaN\"}]", "\"png\\u0000\"", "[1,\"a\",null,{},[]]",
]

private let keys = [
    "duration", "n_frames", "num_images", "seed", "seeds", "num_frames", "frames_per_second", "aspect_ratio",
    "resolution", "image_size",
    "guidance_scale", "shots", "multi_prompt", "size", "quality", "output_format", "image_urls", "image_url", "text",
    "speed", "mode",
]

let valueFamilies: [Family] = [
    sound("wrong values anywhere", 120) { chance, bodies in
        var body = chance.pick(bodies)
        for _ in 0...chance.below(3) { body.spoil(with: .raw(ascii(chance.pick(values))), &chance) }
        return .generate(Payer.poor, body.bytes)
    },
    sound("wrong values under known keys", 90) { chance, bodies in
        var body = chance.pick(bodies)
        let key = chance.pick(keys)
        let value = ascii(chance.pick(values))
        body.changeMember("input") { input in
            var input = input
            input.set(key, .raw(value))
            return input
        }
        if chance.oneIn(3) { body.set(key, .raw(value)) }
        return .generate(Payer.poor, body.bytes)
    },
    sound("wrong envelopes", 40) { chance, bodies in
        var body = chance.pick(bodies)
        body.set(chance.pick(["model", "callBackUrl", "input", "options"]), .raw(ascii(chance.pick(values))))
        return .generate(Payer.poor, body.bytes)
    },
    sound("wrong options", 30) { chance, bodies in
        var body = chance.pick(bodies)
        let inner = "{\"\(chance.pick(keys))\":\(chance.pick(values)),\"model\":\(chance.pick(values))}"
        body.set("options", .raw(chance.oneIn(4) ? ascii(inner) : Tree.quoted(ascii(inner))))
        return .generate(Payer.poor, body.bytes)
    },
    sound("keys twice", 40) { chance, bodies in
        var body = chance.pick(bodies)
        let key = chance.pick([
            "model", "callBackUrl", "input", "options", "prompt", "\u{0}", "__proto__", "constructor",
        ])
        for _ in 0...chance.below(4) { body.add(key, .raw(ascii(chance.pick(values)))) }
        // Whatever stood before, the last callback URL is none.
        body.add("callBackUrl", .text("http://insecure.example/hook"))
        return .generate(Payer.rich, body.bytes)
    },
    sound("strange keys", 20) { chance, bodies in
        var body = chance.pick(bodies)
        let key = ascii(
            chance.pick([
                "\"\\ud800\"", "\"\\u0000\"", "\"\"", "1", "null", "\"\u{301}\"", "\"model\\u0000\"", "\"\\u006dodel\"",
            ]))
        let value = Tree.raw(ascii(chance.pick(values)))
        body.changeMember("input") { input in
            guard case .object(let members) = input else { return input }
            return .object(members + [Tree.Member(key, value)])
        }
        body.add("callBackUrl", .text("ftp://insecure.example/hook"))
        return .generate(Payer.rich, body.bytes)
    },
]
