import ClipriseMedia
import ClipriseWire
import Foundation
import Testing

@Suite struct TranscriptTests {
    private struct Document: Decodable {
        struct Word: Decodable {
            var text: String
            var start: Double
            var end: Double
            var type: String
            var speaker_id: String
        }

        var language_code: String
        var language_probability: Double
        var text: String
        var words: [Word]
    }

    @Test(arguments: [0, 1, 10, 3600])
    func `the words fill the length in order and make up the text`(seconds: Int) throws {
        let file = try render(.sample(.transcript, seconds: seconds))
        let document = try JSONDecoder().decode(Document.self, from: Data(file.bytes))
        #expect(document.language_code == "eng")
        #expect((0.9..<1).contains(document.language_probability))
        #expect(document.text == document.words.map(\.text).joined())
        #expect(document.words.allSatisfy { $0.start < $0.end && $0.speaker_id == "speaker_0" })
        #expect(document.words.allSatisfy { $0.type == ($0.text == " " ? "spacing" : "word") })
        #expect(zip(document.words, document.words.dropFirst()).allSatisfy { $0.end == $1.start })
        let end = try #require(document.words.last?.end)
        let length = Double(seconds == 0 ? 8 : seconds)
        #expect((length * 0.85...length).contains(end))
    }

    @Test func `model and task are mentioned, whatever characters they have`() throws {
        let model = "a\"b\\c\u{1}\n\u{1F}/é海👍"
        let file = try render(.sample(.transcript, seconds: 5, model: model))
        let document = try JSONDecoder().decode(Document.self, from: Data(file.bytes))
        #expect(document.text.hasPrefix("Model \(model), task b7e1c2d4-5f60-4a8b-9c3d-0e1f2a3b4c5d."))
    }

    @Test func `a transcript keeps its words from release to release`() throws {
        let document = try JSONDecoder().decode(
            Document.self, from: Data(try render(.sample(.transcript, seconds: 6)).bytes))
        #expect(
            document.text
                == "Model grok-imagine, task b7e1c2d4-5f60-4a8b-9c3d-0e1f2a3b4c5d. "
                + "Story garden every with answer stone the. Paper quiet quiet every.")
    }

    @Test func `the keys stand as upstream writes them`() throws {
        let text = String(decoding: try render(.sample(.transcript)).bytes, as: UTF8.self)
        #expect(text.hasPrefix(#"{"language_code":"eng","language_probability":0.9"#))
        #expect(
            text.contains(#","words":[{"text":"Model","start":0.00,"end":0.32,"type":"word","speaker_id":"speaker_0"}"#)
        )
    }
}
