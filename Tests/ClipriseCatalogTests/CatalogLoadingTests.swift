import ClipriseCatalog
import ClipriseJSON
import Testing

@Suite struct CatalogLoadingTests {
    /// The smallest model file; line and column of the errors below count in it.
    static let file = """
        {
          "model": "m",
          "assumed": {"name": "M", "kind": "image", "result": "png", "typical_seconds": 5, "refusal": "code_400"},
          "parameters": [
            {"key": "prompt", "key_from": "assumed", "assumed": {"place": "input", "type": "string"}},
            {"key": "tier", "key_from": "assumed", "assumed": {"place": "options", "type": "index", "enum": ["a"]}}
          ],
          "price": {"per": "task", "per_from": "assumed", "rows": [
            {"unit": "Image", "credits": 1, "from": "assumed", "when": {}, "when_from": "assumed"}
          ]}
        }
        """

    struct Breakage: Sendable, CustomTestStringConvertible {
        var part: String
        var replacement: String
        var error: String
        var testDescription: String { error }

        init(_ part: String, _ replacement: String, _ error: String) {
            (self.part, self.replacement, self.error) = (part, replacement, error)
        }
    }

    static let wholeFile = [
        Breakage("\"model\": \"m\",", "\"model\": \"m\"", "m.json:3:3: the text is not JSON"),
        Breakage("\"model\": \"m\",", "", "m.json:1:1: expected a key \"model\""),
        Breakage("\"m\"", "7", "m.json:2:12: model: expected a text"),
        Breakage("\"m\"", "\"\"", "m.json:2:12: model: expected a text"),
        Breakage(
            "\"model\": \"m\"", "\"model\": \"m\", \"model\": \"n\"",
            "m.json:2:26: model: expected each key once, but \"model\" stands twice"),
        Breakage("\"price\"", "\"prise\"", "m.json:8:12: unknown key \"prise\"; did you mean \"price\"?"),
        Breakage("\"price\"", "\"xyz\"", "m.json:8:10: unknown key \"xyz\""),
        Breakage(
            "\"assumed\": {\"name\"", "\"asumed\": {\"name\"",
            "m.json:3:13: unknown key \"asumed\"; did you mean \"assumed\"?"),
        Breakage(
            "\"name\": \"M\", ", "",
            "m.json:1:1: expected a fact \"name\" in one of the provenance groups"),
        Breakage("\"image\"", "7", "m.json:3:36: assumed.kind: expected one of image, video, audio"),
        Breakage(
            "\"image\"", "\"imge\"",
            "m.json:3:36: assumed.kind: expected one of image, video, audio; did you mean \"image\"?"),
        Breakage("\"image\"", "\"picture\"", "m.json:3:36: assumed.kind: expected one of image, video, audio"),
        Breakage(
            "\"png\"", "\"gif\"",
            "m.json:3:55: assumed.result: expected one of png, jpeg, mp4, mp3, transcript"),
        Breakage(
            "\"typical_seconds\": 5", "\"typical_seconds\": 0",
            "m.json:3:81: assumed.typical_seconds: expected a whole number from 1 to 86400"),
        Breakage(
            "\"typical_seconds\": 5", "\"typical_seconds\": 99999999999999999999",
            "m.json:3:81: assumed.typical_seconds: expected a whole number from 1 to 86400"),
        Breakage(
            "\"typical_seconds\": 5", "\"typical_seconds\": 9223372036854775807",
            "m.json:3:81: assumed.typical_seconds: expected a whole number from 1 to 86400"),
        Breakage(
            "\"code_400\"", "\"code_500\"",
            "m.json:3:95: assumed.refusal: expected one of code_400, empty; did you mean \"code_400\"?"),
        Breakage(
            "\"code_400\"", "\"code_400\", \"count\": 17",
            "m.json:3:116: assumed.count: expected a whole number from 1 to 16"),
        Breakage(
            "\"code_400\"", "\"code_400\", \"seconds\": 3601",
            "m.json:3:118: assumed.seconds: expected a whole number from 1 to 3600"),
        Breakage("\"code_400\"", "\"code_400\", \"sound\": 1", "m.json:3:116: assumed.sound: expected true or false"),
        Breakage("\"code_400\"", "\"code_400\", \"routes\": {}", "m.json:3:117: assumed.routes: expected an array"),
        Breakage(
            "\"code_400\"", "\"code_400\", \"routes\": [{\"id\": \"r\", \"fixes\": {\"teir\": 0}}]",
            "m.json:3:148: assumed.routes[0].fixes: \"teir\" is no parameter of this model; did you mean \"tier\"?"),
        Breakage(
            "\"code_400\"", "\"code_400\", \"routes\": [{\"id\": \"r\"}]",
            "m.json:3:118: assumed.routes[0]: expected a key \"fixes\""),
    ]

    static let parameters = [
        Breakage(
            "\"key_from\": \"assumed\", \"assumed\": {\"place\": \"input\"", "\"assumed\": {\"place\": \"input\"",
            "m.json:5:5: parameters[0]: expected a key \"key_from\""),
        Breakage(
            "\"key_from\": \"assumed\", \"assumed\": {\"place\": \"input\"",
            "\"key_from\": \"guessed\", \"assumed\": {\"place\": \"input\"",
            "m.json:5:35: parameters[0].key_from: expected one of documented, later, upstream, assumed"),
        Breakage(
            "\"tier\"", "\"prompt\"",
            "m.json:6:5: parameters[1]: expected each parameter once, but \"prompt\" stands twice"),
        Breakage(
            "\"place\": \"input\", ", "",
            "m.json:5:5: parameters[0]: expected a fact \"place\" in one of the provenance groups"),
        Breakage(
            "\"place\": \"input\"", "\"place\": \"body\"",
            "m.json:5:67: parameters[0].assumed.place: expected one of input, options, root, root_and_input"),
        Breakage(
            "\"type\": \"string\"", "\"max_lenght\": 5",
            "m.json:5:90: parameters[0].assumed: unknown key \"max_lenght\"; did you mean \"max_length\"?"),
        Breakage(
            "\"type\": \"string\"", "\"max_length\": -1",
            "m.json:5:90: parameters[0].assumed.max_length: expected a whole number from 0 to 1000000"),
        Breakage(
            "\"type\": \"string\"", "\"min\": \"1\"",
            "m.json:5:83: parameters[0].assumed.min: expected a number"),
        Breakage(
            "\"type\": \"string\"", "\"enum\": []",
            "m.json:5:84: parameters[0].assumed.enum: expected at least one value"),
        Breakage(
            "\"type\": \"string\"", "\"enum\": [\"a\", null]",
            "m.json:5:90: parameters[0].assumed.enum[1]: expected a text, a number, true or false"),
        Breakage(
            "\"type\": \"string\"", "\"enum\": [\"\"]",
            "m.json:5:85: parameters[0].assumed.enum[0]: expected a text, a number, true or false"),
        Breakage(
            "\"type\": \"string\"", "\"required_without\": \"teir\"",
            "m.json:5:96: parameters[0].assumed.required_without: \"teir\" is no parameter of this model; "
                + "did you mean \"tier\"?"),
        Breakage(
            "\"type\": \"string\"", "\"items_sum\": {\"key\": \"d\", \"oneof\": []}",
            "m.json:5:111: parameters[0].assumed.items_sum: unknown key \"oneof\"; did you mean \"one_of\"?"),
        Breakage(
            "\"type\": \"string\"", "\"items_sum\": {\"key\": \"d\", \"one_of\": [1e300]}",
            "m.json:5:112: parameters[0].assumed.items_sum.one_of: expected at least one number, "
                + "each from 0 to 86400"),
        Breakage(
            "\"type\": \"string\"", "\"items_sum\": {\"key\": \"d\", \"one_of\": []}",
            "m.json:5:112: parameters[0].assumed.items_sum.one_of: expected at least one number, "
                + "each from 0 to 86400"),
        Breakage(
            "\"type\": \"string\"", "\"item_keys\": {\"a\": \"url\", \"a\": \"url\"}",
            "m.json:5:107: parameters[0].assumed.item_keys.a: expected each key once, but \"a\" stands twice"),
        Breakage(
            ", \"enum\": [\"a\"]", "",
            "m.json:6:5: parameters[1]: expected a fact \"enum\", since the type is index"),
    ]

    static let prices = [
        Breakage(
            "\"per\": \"task\"", "\"per\": \"month\"",
            "m.json:8:20: price.per: expected one of task, second, block"),
        Breakage("\"per\": \"task\"", "\"per\": \"second\"", "m.json:8:12: price: expected a key \"seconds\""),
        Breakage(
            "\"per\": \"task\"", "\"per\": \"second\", \"seconds\": {}",
            "m.json:8:41: price.seconds: expected a key \"media\""),
        Breakage(
            "\"per\": \"task\"", "\"per\": \"second\", \"seconds\": {\"media\": false}",
            "m.json:8:51: price.seconds.media: expected true"),
        Breakage(
            "\"per\": \"task\"", "\"per\": \"second\", \"seconds\": {\"key\": \"promt\"}",
            "m.json:8:49: price.seconds.key: \"promt\" is no parameter of this model; did you mean \"prompt\"?"),
        Breakage(
            "\"per\": \"task\"", "\"per\": \"block\", \"block\": {\"key\": \"prompt\", \"characters\": 0}",
            "m.json:8:70: price.block.characters: expected a whole number from 1 to 1000000"),
        Breakage(
            "\"per\": \"task\"", "\"per\": \"block\", \"block\": {\"key\": \"prompt\", \"characters\": 1, \"of\": 2}",
            "m.json:8:79: price.block: unknown key \"of\""),
        Breakage(
            "\"credits\": 1", "\"credits\": -1",
            "m.json:9:34: price.rows[0].credits: expected a whole number from 0 to 1000000"),
        Breakage(
            "\"credits\": 1", "\"credits\": 1.5",
            "m.json:9:34: price.rows[0].credits: expected a whole number from 0 to 1000000"),
        Breakage(
            "\"when\": {}", "\"when\": {\"teer\": 0}",
            "m.json:9:73: price.rows[0].when: \"teer\" is no parameter of this model; did you mean \"tier\"?"),
        Breakage(
            "\"when\": {}", "\"when\": {\"tier\": {\"sun\": 1}}",
            "m.json:9:81: price.rows[0].when.tier: unknown key \"sun\"; did you mean \"sum\"?"),
        Breakage(
            "\"when\": {}", "\"when\": {\"tier\": null}",
            "m.json:9:73: price.rows[0].when.tier: expected a text, a number, true or false"),
        Breakage(
            "\"when\": {}", "\"when\": {\"tier\": {\"sum\": -1}}",
            "m.json:9:81: price.rows[0].when.tier.sum: expected a number from 0 to 86400"),
        Breakage(
            "{\"unit\": \"Image\", \"credits\": 1, \"from\": \"assumed\", \"when\": {}, \"when_from\": \"assumed\"}",
            "",
            "m.json:8:59: price.rows: expected 1 to 32 rows"),
    ]

    private func catalog(_ text: String, _ name: String = "m.json") throws(CatalogError) -> Catalog {
        try Catalog(files: [(name, Array(text.utf8))])
    }

    @Test(arguments: wholeFile + parameters + prices)
    func `a faulty file is refused with line, column, path and what was expected`(breakage: Breakage) throws {
        #expect(Self.file.contains(breakage.part))
        let text = Self.file.replacing(breakage.part, with: breakage.replacement, maxReplacements: 1)
        let error = #expect(throws: CatalogError.self) { try catalog(text) }
        #expect(error?.description == breakage.error)
    }

    @Test func `the file that the broken ones come from is sound`() throws {
        #expect(try catalog(Self.file).models.map(\.id) == ["m"])
    }

    @Test func `a file may name its schema, and write a whole number with a fraction of 0`() throws {
        let text = Self.file.replacing("\"model\":", with: "\"$schema\": \"../model.schema.json\", \"model\":")
            .replacing("\"typical_seconds\": 5", with: "\"typical_seconds\": 5.0")
        #expect(try catalog(text).models[0].typicalSeconds.value == 5)
    }

    @Test func `more than 64 parameters and more than 32 rows are refused`() throws {
        let parameter = #"{"key": "p_", "key_from": "assumed", "assumed": {"place": "input"}},"#
        let many = (0..<63).map { parameter.replacing("_", with: "\($0)", maxReplacements: 1) }.joined()
        let tooMany = Self.file.replacing("\"parameters\": [", with: "\"parameters\": [" + many)
        #expect(throws: CatalogError.self) { try catalog(tooMany) }
        let row = #"{"unit": "Image", "credits": 1, "from": "assumed", "when": {}, "when_from": "assumed"}"#
        func rows(_ count: Int) -> String {
            Self.file.replacing(row, with: Array(repeating: row, count: count).joined(separator: ","))
        }
        #expect(try catalog(rows(32)).models[0].price.rows.count == 32)
        #expect(throws: CatalogError.self) { try catalog(rows(33)) }
    }

    @Test(
        arguments: [
            (
                .notJSON(file: "f", place: TextPlace(line: 2, column: 3), reason: "the text is empty"),
                "f:2:3: the text is empty"
            ),
            (.unreadable(file: "f", reason: "no such file"), "f: no such file"),
            (.noModels(folder: "models"), "models: no model files (*.json) here"),
            (.duplicateID(id: "m", file: "b", firstFile: "a"), "b: \"m\" is already taken by a"),
        ] as [(CatalogError, String)])
    func `an error reads as a sentence that begins with the place`(error: CatalogError, sentence: String) {
        #expect(error.description == sentence)
    }

    @Test func `two files of one id are refused, as are a route and an id of one name`() throws {
        let bytes = Array(Self.file.utf8)
        #expect(throws: CatalogError.duplicateID(id: "m", file: "b.json", firstFile: "a.json")) {
            try Catalog(files: [("a.json", bytes), ("b.json", bytes)])
        }
        let routed = Self.file.replacing("\"m\"", with: "\"n\"")
            .replacing("\"code_400\"", with: "\"code_400\", \"routes\": [{\"id\": \"m\", \"fixes\": {}}]")
        #expect(throws: CatalogError.duplicateID(id: "m", file: "n.json", firstFile: "m.json")) {
            try Catalog(files: [("n.json", Array(routed.utf8)), ("m.json", bytes)])
        }
    }

    @Test func `a user's file replaces the built-in model of its id, and another one is added`() throws {
        let builtIn = try Fixtures.builtIn.get()
        let replaced = Self.file.replacing("\"m\"", with: "\"seedance-v1\"")
        let catalog = try Catalog.builtIn(with: [("a.json", Array(replaced.utf8)), ("b.json", Array(Self.file.utf8))])
        #expect(catalog.models.map(\.id) == builtIn.models.map(\.id) + ["m"])
        #expect(catalog.model("seedance-v1")?.price.rows.map(\.credits) == [1])
        // The routes of the model that was replaced go with it.
        #expect(catalog.model("seedance-v1-lite") == nil)
        #expect(builtIn.model("seedance-v1-lite") != nil)
    }

    @Test func `a user's file is read whole before any request needs its model`() throws {
        let late = Self.file.replacing("\"credits\": 1", with: "\"credits\": -1")
        #expect(throws: CatalogError.self) { try Catalog.builtIn(with: [("own.json", Array(late.utf8))]) }
    }

    @Test func `a user's file that takes a built-in route's name is refused`() throws {
        let taken = Self.file.replacing("\"m\"", with: "\"flux-kontext-pro\"")
        let error = CatalogError.duplicateID(
            id: "flux-kontext-pro", file: "flux-kontext.json", firstFile: "own.json")
        #expect(throws: error) { try Catalog.builtIn(with: [("own.json", Array(taken.utf8))]) }
    }

    @Test func `a default that only looks like a number to the machine is not one`() throws {
        let text = Self.file
            .replacing("\"type\": \"string\"", with: "\"type\": \"string\", \"default\": \"nan\"")
            .replacing("\"per\": \"task\"", with: "\"per\": \"second\", \"seconds\": {\"key\": \"prompt\"}")
        let body = #"{"model": "m", "callBackUrl": "https://a.example", "input": {}, "options": "{\"tier\":0}"}"#
        let order = try catalog(text).check(Array(body.utf8), policy: CheckPolicy()).get()
        #expect(order.multiplier == 1)
    }

    @Test func `text that is no UTF-8 is refused`() throws {
        #expect(throws: CatalogError.self) { try Catalog(files: [("m.json", [0x22, 0xFF, 0x22])]) }
    }
}
