import ClipriseCallbacks
import Testing

@Suite struct CallbackPayloadTests {
    static func payload(_ outcome: CallbackPayload.Outcome) -> CallbackPayload {
        CallbackPayload(
            taskID: "e989621f54392584b05867f87b160672", model: "kling-3",
            request: Array(#"{"model":"kling-3","input":{"prompt":"\"é\""}}"#.utf8), outcome: outcome,
            createdAt: 1_755_599_634_000, completedAt: 1_755_599_644_900, credits: 120)
    }

    static func text(_ outcome: CallbackPayload.Outcome) -> String {
        String(decoding: payload(outcome).json, as: UTF8.self)
    }

    static let param = #""param":"{\"model\":\"kling-3\",\"input\":{\"prompt\":\"\\\"é\\\"\"}}""#
    static let times = #""completeTime":1755599644900,"createTime":1755599634000,"updateTime":1755599644900"#

    @Test func `a success carries the result's URLs as JSON in a string`() {
        #expect(
            Self.text(.files(urls: ["https://a.example/1?x=\"", "https://a.example/2"]))
                == #"{"code":200,"msg":"Playground task completed successfully.","data":{"#
                + #""taskId":"e989621f54392584b05867f87b160672","model":"kling-3","state":"success","# + Self.param
                + #","resultJson":"{\"resultUrls\":[\"https://a.example/1?x=\\\"\",\"https://a.example/2\"]}","#
                + #""failCode":null,"failMsg":null,"costTime":10,"# + Self.times + #","creditsConsumed":120}}"#)
    }

    @Test func `the short form has the id in both spellings and the credits under another key`() {
        func text(_ outcome: CallbackPayload.Outcome) -> String {
            String(decoding: Self.payload(outcome).shortJSON, as: UTF8.self)
        }
        #expect(
            text(.files(urls: ["https://a.example/1"]))
                == #"{"taskId":"e989621f54392584b05867f87b160672","code":200,"msg":"success","data":{"#
                + #""task_id":"e989621f54392584b05867f87b160672","callbackType":"task_completed","#
                + #""resultJson":"{\"resultUrls\":[\"https://a.example/1\"]}","failCode":null,"consumeCredits":120}}"#)
        #expect(
            text(.failed(message: "Incorrect image format.")).contains(#""code":501,"msg":"Incorrect image format.""#))
        #expect(text(.failed(message: "a")).hasSuffix(#""resultJson":null,"failCode":"500","consumeCredits":0}}"#))
    }

    @Test func `a text result is an object`() {
        #expect(
            Self.text(.object(json: Array(#"{"text":"hi"}"#.utf8)))
                .contains(#""resultJson":"{\"resultObject\":{\"text\":\"hi\"}}""#))
    }

    @Test func `a failure reports its code and message, has no result and costs nothing`() {
        #expect(
            Self.text(.failed(message: "Incorrect image format."))
                == #"{"code":501,"msg":"Playground task failed.","data":{"#
                + #""taskId":"e989621f54392584b05867f87b160672","model":"kling-3","state":"fail","# + Self.param
                + #","resultJson":null,"failCode":"500","failMsg":"Incorrect image format.","costTime":10,"#
                + Self.times + #","creditsConsumed":0}}"#)
    }
}
