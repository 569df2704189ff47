import ClipriseJSON
import Testing

@Suite struct JSONValueTests {
    private func read<T>(_ text: String, _ body: (JSONValue) -> T) -> Result<T, JSONError> {
        withJSON(Array(text.utf8), body)
    }

    @Test func `members keep their order and the last of two equal keys counts`() throws {
        let text = #"{"a": 1, "b": [true, {"x": null}, "ü\n"], "a": 2.5}"#
        let keys = try read(text) { $0.members.map { String(decoding: $0.key, as: UTF8.self) } }.get()
        #expect(keys == ["a", "b", "a"])
        #expect(try read(text) { $0[key: "a"]?.number }.get() == 2.5)
        #expect(try read(text) { $0[key: "b"]?.elements.map(\.kind) }.get() == [.boolean, .object, .string])
        #expect(try read(text) { $0[key: "b"]?.elements.map(\.string).last ?? nil }.get() == "ü\n")
        #expect(try read(text) { $0[key: "c"] == nil }.get())
    }

    @Test func `a scalar has neither members nor elements`() throws {
        for text in ["1", "\"x\"", "null", "true", "-2.5"] {
            #expect(try read(text) { $0.members.map(\.key).count + $0.elements.count }.get() == 0)
        }
        #expect(try read("[]") { $0.elements.count }.get() == 0)
        #expect(try read("{}") { $0.members.map(\.key).count }.get() == 0)
    }

    @Test(
        arguments: [
            ("5", 5), ("5.0", 5), ("-9223372036854775808", .min), ("5.5", nil), ("18446744073709551615", nil),
            ("\"5\"", nil),
        ] as [(String, Int64?)])
    func `an integer is exact or none`(text: String, expected: Int64?) throws {
        #expect(try read(text) { $0.integer }.get() == expected)
    }

    @Test(
        arguments: [
            ("", .empty), ("{", .syntax), ("{\"a\":}", .syntax), ("[1,]", .syntax), ("\"\\ud800\"", .badString),
            ("nul", .syntax),
            ("1e400", .badNumber), ("01", .badNumber), ("[123456789012345678901234567890, 01]", .badNumber),
            (String(repeating: "[", count: 70), .syntax),
            (String(repeating: "[", count: 70) + String(repeating: "]", count: 70), .tooDeep(limit: 64)),
            ("{} x", .syntax),
            ("\"a\u{01}\"", .badString),
        ] as [(String, JSONError)])
    func `what is no JSON is told apart`(text: String, expected: JSONError) {
        guard case .failure(let error) = read(text, { _ in }) else {
            Issue.record("\(text) was read")
            return
        }
        #expect(error == expected)
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        guard case .failure(.notUTF8) = withJSON([0x22, 0xFF, 0x22], { _ in }) else {
            Issue.record("not refused as UTF-8")
            return
        }
    }

    @Test func `a text inside a text is read while the outer one is in use`() throws {
        let inner = try read(#"{"options": "{\"model\": 1}", "after": 3}"#) { outer in
            let options = outer[key: "options"]?.utf8.map { Array($0) } ?? []
            let model = withJSON(options) { $0[key: "model"]?.integer }
            return (try? model.get(), outer[key: "after"]?.integer)
        }.get()
        #expect(inner.0 == 1)
        #expect(inner.1 == 3)
    }

    @Test(arguments: [
        (#"{"a":[1,"x"]}"#, #"{"a":[1.0,"x"]}"#, true), (#"{"a":1}"#, #"{"a":1,"b":2}"#, false),
        ("[1]", "[1,1]", false),
        ("\"a\"", "\"b\"", false), ("1", "\"1\"", false), ("null", "null", true),
    ])
    func `two values are the same when their JSON is`(left: String, right: String, same: Bool) throws {
        #expect(try read(left) { l in try? read(right) { r in l.isSame(as: r) }.get() }.get() == same)
    }
}
