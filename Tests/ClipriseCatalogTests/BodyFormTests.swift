import ClipriseWire
import Spoiling
import Testing

@testable import ClipriseCatalog

/// What is known of a body's form changes how long a check takes, and nothing else.
@Suite struct BodyFormTests {
    private static let policies = [
        CheckPolicy(), CheckPolicy(isStrict: true), CheckPolicy(requiresOptions: true, requiresTwins: true),
        CheckPolicy(takesRootOnly: true),
    ]

    /// Prompts as a client may send them, as they stand in the body.
    private static let prompts = [
        "", " ", "   \\n", " a pier", "a", "a pier ", "a \\\"pier\\\"", "a pier\\u0000", "a pier \\", "\"",
        "a pier\",\"model\":\"x",
        "d\u{e9}j\u{e0} vu", "\u{1F30A}", "a\tpier", "a\u{7F}pier", ",", ":", "model", "a pier",
        String(repeating: "long ", count: 12), String(repeating: "x", count: 95), String(repeating: "x", count: 96),
        String(repeating: "x", count: 97), String(repeating: "ab ", count: 700), String(repeating: "p", count: 2_500),
        String(repeating: "p", count: 5_001), String(repeating: "p", count: 100_000),
    ]

    @Test(arguments: Fixtures.models)
    func `a body whose form is known is checked as by itself, whatever its prompt is`(id: String) throws {
        let catalog = try Fixtures.builtIn.get()
        let bodies = (Fixtures.requests + Fixtures.assumedRequests).filter { $0.model == id }.map(\.body)
        let key = try #require(catalog.model(id)?.parameters.first { $0.role == .prompt }?.key ?? "prompt")
        // Beside sound ones: a value that is refused, keys that are warned of, no model, a prompt at the root.
        let edits: [(String, String?)] = [
            ("input.zzz", "1"), ("callBackUrl", "\"http://x\""), ("callBackUrl", nil), ("callBackUrl", "7"),
            ("model", "\"zzz\""), ("model", "null"), ("model", "7"), ("model", nil), (key, "\"a pier\""),
            ("input.seed", "7"), ("options", "null"), ("options", "\"{}\""), ("options", "7"), ("zzz", "{}"),
        ]
        for body in bodies + edits.map({ bodies[0].setting($0.0, $0.1) }) {
            let marked = body.setting("input.\(key)", "\"@@@\"").bytes
            for policy in Self.policies {
                let forms = BodyForms()
                for prompt in Self.prompts {
                    let sent = Self.replace("@@@", in: marked, with: prompt)
                    let known = catalog.check(sent, policy: policy, forms: forms)
                    #expect(known == catalog.check(sent, policy: policy), "\(String(decoding: sent, as: UTF8.self))")
                }
            }
        }
    }

    @Test(arguments: Fixtures.models)
    func `a body that is spoilt anywhere is checked as by itself`(id: String) throws {
        let catalog = try Fixtures.builtIn.get()
        let body = try Fixtures.body(id).bytes
        for index in 0..<400 {
            let (forms, policy) = (BodyForms(), Self.policies[index % Self.policies.count])
            _ = catalog.check(body, policy: policy, forms: forms)
            var (spoilt, chance) = (body, Chance(seed: 20_261_130, index: index))
            if index % 2 == 0 {
                SpoiltText.change(&spoilt, &chance)
            } else {
                let place = chance.below(spoilt.count)
                let byte = chance.pick([chance.byte()] + Array("\"\\{}[]:, \u{0}é".utf8))
                if chance.oneIn(2) { spoilt[place] = byte } else { spoilt.insert(byte, at: place) }
            }
            let known = catalog.check(spoilt, policy: policy, forms: forms)
            #expect(
                known == catalog.check(spoilt, policy: policy), "\(index): \(String(decoding: spoilt, as: UTF8.self))")
        }
    }

    private static let plain =
        #"{"model":"z-image","callBackUrl":"https://a.example/c","input":{"prompt":"@@@","aspect_ratio":"1:1"}}"#
    private static let other = "another pier"

    @Test(arguments: [
        ("an order", plain, true),
        ("a refused value", plain.replacing("1:1", with: "1:7"), true),
        ("an unknown model", plain.replacing("z-image", with: "z-imagine"), true),
        (
            "blanks, and the prompt first",
            plain.replacing(
                #""prompt":"@@@","aspect_ratio":"1:1""#, with: #" "aspect_ratio" : "1:1" , "prompt" : "@@@" "#), true
        ),
        ("a key that is warned of", plain.replacing("aspect_ratio", with: "aspect-ratio"), true),
        ("characters beyond ASCII around the prompt", plain.replacing("/c", with: "/ç"), true),
        ("a body with an escape", plain.replacing("/c", with: #"\/c"#), false),
        ("no prompt", plain.replacing(#""prompt":"@@@","#, with: ""), false),
        ("a prompt that is no text", plain.replacing(#""@@@""#, with: "7"), false),
        ("the same text twice", plain.replacing("1:1", with: "@@@"), false),
        ("two prompts", plain.replacing(#""aspect_ratio":"1:1""#, with: #""prompt":"b""#), false),
        ("a prompt at the root as well", plain.replacing(#""input""#, with: #""prompt":"b","input""#), false),
        (
            "a price by the characters",
            #"{"model":"elevenlabs-tts","callBackUrl":"https://a.example/c","input":{"text":"@@@","voice":"Rachel"}}"#,
            false
        ),
        ("no JSON", plain + "}", false),
        ("a body of more than 8 KiB", plain.replacing("/c", with: "/" + String(repeating: "c", count: 9_000)), false),
    ])
    func `the form of a body is known from then on, unless its prompt decides more than its own soundness`(
        name: String, text: String, isKept: Bool
    ) throws {
        let catalog = try Fixtures.builtIn.get()
        let forms = BodyForms()
        _ = catalog.check(Array(text.replacing("@@@", with: "a pier").utf8), policy: CheckPolicy(), forms: forms)
        let next = Array(text.replacing("@@@", with: Self.other).utf8)
        #expect(forms.knows(next, CheckPolicy()) == isKept)
        #expect(!forms.knows(next, CheckPolicy(isStrict: true)))
    }

    @Test(arguments: [
        (#""aspect_ratio":"1:1","prompt":"1:1""#, #""aspect_ratio":"1:7","prompt":"1:1""#),
        (#""prompt":"1:1","aspect_ratio":"1:1""#, #""prompt":"1:1","aspect_ratio":"1:7""#),
        (#""aspect_ratio":"1:1","prompt":",""#, #""aspect_ratio":"1:1"x"prompt":",""#),
    ])
    func `a text that stands in a body more than once is not taken for its prompt`(seen: String, next: String) throws {
        let catalog = try Fixtures.builtIn.get()
        let forms = BodyForms()
        func body(_ input: String) -> [UInt8] {
            Array(#"{"model":"z-image","callBackUrl":"https://a.example/c","input":{\#(input)}}"#.utf8)
        }
        _ = catalog.check(body(seen), policy: CheckPolicy(), forms: forms)
        let known = catalog.check(body(next), policy: CheckPolicy(), forms: forms)
        #expect(known == catalog.check(body(next), policy: CheckPolicy()))
    }

    @Test func `a form that comes often stays among others that never come again, and a new one is soon known`() throws
    {
        let catalog = try Fixtures.builtIn.get()
        let forms = BodyForms()
        func body(_ form: Int, _ prompt: String) -> [UInt8] {
            Array(Self.plain.replacing("/c", with: "/\(form)").replacing("@@@", with: prompt).utf8)
        }
        func send(_ form: Int) { _ = catalog.check(body(form, "a pier"), policy: CheckPolicy(), forms: forms) }
        func isKnown(_ form: Int) -> Bool { forms.knows(body(form, Self.other), CheckPolicy()) }
        for form in 0..<BodyForms.limit { send(form) }
        #expect((0..<BodyForms.limit).allSatisfy(isKnown))
        for form in 1_000..<6_000 {
            send(form)
            send(7)
            #expect(isKnown(7), "after \(form)")
        }
        #expect((1_000..<6_000).count { isKnown($0) } < BodyForms.limit)
        let first = (1...200).first { _ in
            send(9_999)
            return isKnown(9_999)
        }
        #expect(try #require(first) <= 65)
    }

    private static func replace(_ mark: String, in text: [UInt8], with other: String) -> [UInt8] {
        let mark = Array(mark.utf8)
        guard let place = text.indices.first(where: { text[$0...].starts(with: mark) }) else { return text }
        return text[..<place] + Array(other.utf8) + text[(place + mark.count)...]
    }
}

extension BodyForms {
    fileprivate func knows(_ body: [UInt8], _ policy: CheckPolicy) -> Bool { outcome(of: body, policy) != nil }
}
