internal import ClipriseWire

/// The result of a speech-to-text task: a text of the length of the sound, with the time of each word.
///
/// Words come at an even pace, two and a half a second, with the spaces between them as upstream lists them.
func transcript(_ spec: ResultSpec, ordinal: Int) -> [UInt8] {
    var hash = StableHash()
    hash.feed(spec.model)
    hash.feed(spec.prompt)
    var seeds = SeedStream(seed: hash.value &+ UInt64(ordinal))
    let seconds = spec.seconds == 0 ? 8 : spec.seconds
    let words = words(count: max(3, seconds * 5 / 2), spec: spec, seeds: &seeds)
    // Hundredths of a second: whole numbers, printed alike everywhere.
    let pace = seconds * 100 / words.count

    var json = JSONText()
    json.raw(#"{"language_code":"eng","language_probability":0."#)
    json.raw("\(90 + seeds.next(below: 10))")
    json.raw(#","text":"#)
    json.string(words.joined(separator: " "))
    json.raw(#","words":["#)
    for (index, word) in words.enumerated() {
        let start = index * pace
        let end = start + pace * 4 / 5
        if index > 0 { json.raw(",") }
        json.word(word, from: start, to: end, type: "word")
        if index + 1 < words.count {
            json.raw(",")
            json.word(" ", from: end, to: start + pace, type: "spacing")
        }
    }
    json.raw("]}")
    return json.bytes
}

/// The names of model and task, then sentences of common words.
private func words(count: Int, spec: ResultSpec, seeds: inout SeedStream) -> [String] {
    let vocabulary = [
        "a", "and", "answer", "before", "blue", "clear", "every", "garden", "gentle", "in", "light", "like", "morning",
        "near", "of", "over", "paper", "quiet", "river", "simple", "small", "song", "stone", "story", "the", "this",
        "under", "voice", "waits", "walks", "water", "window", "with", "word",
    ]
    var words = ["Model", "\(spec.model),", "task", "\(spec.taskID)."]
    var left = 0
    while words.count < count {
        let startsSentence = left == 0
        if startsSentence { left = 4 + seeds.next(below: 7) }
        var word = vocabulary[seeds.next(below: vocabulary.count)]
        if startsSentence { word = word.prefix(1).uppercased() + word.dropFirst() }
        left -= 1
        if left == 0 || words.count + 1 == count { word += "." }
        words.append(word)
    }
    return words
}

/// JSON (RFC 8259) under construction.
private struct JSONText {
    var bytes: [UInt8] = []

    mutating func raw(_ text: String) {
        bytes += text.utf8
    }

    mutating func string(_ text: String) {
        let digits = Array("0123456789abcdef".utf8)
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case ..<0x20: bytes += Array(#"\u00"#.utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    /// One entry of `words`; times in hundredths of a second.
    mutating func word(_ text: String, from start: Int, to end: Int, type: String) {
        raw(#"{"text":"#)
        string(text)
        raw(#","start":\#(seconds(start)),"end":\#(seconds(end)),"type":"\#(type)","speaker_id":"speaker_0"}"#)
    }

    private func seconds(_ hundredths: Int) -> String {
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
