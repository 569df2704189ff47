import ClipriseCatalog
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

    @Test(arguments: ["", "{", "[1]", "7", "{}", #"{"input":{}}"#, #"{"model":null}"#, "\u{FF}"])
    func `what names no model has no meaning`(body: String) {
        #expect(BodyMeaning.of(Array(body.utf8)) == 0)
    }
}
