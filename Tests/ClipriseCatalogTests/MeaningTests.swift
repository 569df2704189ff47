import ClipriseCatalog
import ClipriseWire
import Testing

@Suite struct MeaningTests {
    static let body =
        #"{"model":"m","callBackUrl":"https://a.example/1","input":{"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}]}}"#

    /// The same in other words (RFC 8259), or with what a client may choose anew each time.
    @Test(arguments: [
        #"{"input":{"list":[1,{"b":2,"a":1}],"n":2,"prompt":"A pier"},"model":"m","callBackUrl":"https://a.example/1"}"#,
        #" { "model" : "m" , "input" : { "prompt" : "A pier" , "n" : 2 , "list" : [ 1 , { "a" : 1 , "b" : 2 } ] } } "#,
        #"{"model":"m","input":{"prompt":"\u0041 pier","n":2.0,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","callBackUrl":"https://a.example/2","input":{"seed":7,"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","callBackUrl":"https://a.example/2","input":{"seeds":7,"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","input":{"prompt":"A pier","n":2e0,"x":null,"list":[1,{"a":1,"b":2}]},"requestId":"anew"}"#,
        #"{"model":"m","options":null,"input":{"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}]}}"#,
    ])
    func `bodies that ask for the same mean the same`(other: String) {
        #expect(BodyMeaning.of(Array(other.utf8)) == BodyMeaning.of(Array(Self.body.utf8)))
    }

    @Test(arguments: [
        #"{"model":"n","input":{"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","input":{"prompt":"A pie","n":2,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","input":{"prompt":"A pier","n":3,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","input":{"prompt":"A pier","n":"2","list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","input":{"prompt":"A pier","n":2,"list":[{"a":1,"b":2},1]}}"#,
        #"{"model":"m","input":{"prompt":"A pier","n":2,"list":[1,{"a":2,"b":1}]}}"#,
        #"{"model":"m","input":{"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}],"x":false}}"#,
        #"{"model":"m","input":{"n":"A pier","prompt":2,"list":[1,{"a":1,"b":2}]}}"#,
        #"{"model":"m","options":"{}","input":{"prompt":"A pier","n":2,"list":[1,{"a":1,"b":2}]}}"#,
    ])
    func `bodies that ask for something else mean something else`(other: String) {
        #expect(BodyMeaning.of(Array(other.utf8)) != BodyMeaning.of(Array(Self.body.utf8)))
        #expect(BodyMeaning.of(Array(other.utf8)) != 0)
    }

    @Test func `options are read as the object that they are the text of`() {
        func meaning(_ options: String) -> UInt64 {
            BodyMeaning.of(Array(#"{"model":"m","input":{},"options":"\#(options)"}"#.utf8))
        }
        #expect(meaning(#"{\"a\":1,\"b\":2}"#) == meaning(#"{ \"b\":2, \"a\":1 }"#))
        #expect(meaning(#"{\"a\":1}"#) != meaning(#"{\"a\":2}"#))
        #expect(meaning("not JSON") != meaning("nor this"))
    }

    /// State files and bundles keep both numbers: a body that is sent again after an update must be known for the same.
    ///
    /// Expected values: another program's, written from the description of the hashes.
    @Test(
        arguments: [
            ("", 0xE0B4_3C34_D352_95F9, 0),
            ("{}", 0xEE91_BBEE_334E_65A9, 0),
            (#"{"model":"z-image"}"#, 0xB1F5_9182_AE3A_AC31, 0x554F_3A1C_C8A4_9877),
            (
                #"{"model":"z-image","callBackUrl":"https://a.example","input":{"prompt":"a lighthouse by the sea","#
                    + #""aspect_ratio":"1:1"}}"#,
                0xE7D5_D2E3_DA35_D0FF, 0x41D9_D11A_D89A_C292
            ),
            (
                #"{"model":"wan","input":{"prompt":"x","list":[1,2.5,true,null,"y"],"seed":7},"options":"{\"tier\": 1}"}"#,
                0x64A9_81E8_2AD6_BB0E, 0xF2D6_9FD3_6E06_70FB
            ),
        ] as [(String, UInt64, UInt64)])
    func `hash and meaning of a body are those that older files have`(body: String, hash: UInt64, meaning: UInt64) {
        #expect(BodyHash.of(Array(body.utf8)) == hash)
        #expect(BodyMeaning.of(Array(body.utf8)) == meaning)
    }

    @Test(arguments: 0...40)
    func `a checked body has the same meaning, whatever its length`(length: Int) throws {
        let prompt = String(repeating: "a", count: length)
        let body = Array(
            #"{"model":"z-image","callBackUrl":"https://a.example","input":{"prompt":"x\#(prompt)","aspect_ratio":"1:1"}}"#
                .utf8)
        let order = try Catalog.builtIn().check(body, policy: CheckPolicy()).get()
        #expect(order.meaning == BodyMeaning.of(body))
    }

    @Test(arguments: ["", "{", "[1]", "7", "{}", #"{"input":{}}"#, #"{"model":null}"#, "\u{FF}"])
    func `what names no model has no meaning`(body: String) {
        #expect(BodyMeaning.of(Array(body.utf8)) == 0)
    }
}
