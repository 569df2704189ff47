import Testing

/// A faulty scenario and everything that must be said of it.
struct Mistake: Sendable, CustomTestStringConvertible {
    var testDescription: String
    /// What follows the line `schema: cliprise-mock/v1`; so it starts at line 2.
    var text: String
    /// The errors without `f.yaml:`.
    var errors: [String]
    /// Whether the JSON Schema refuses it as well.
    var isSeenBySchema = true

    init(_ name: String, _ text: String, _ errors: String..., schema: Bool = true) {
        testDescription = name
        self.text = text
        self.errors = errors
        isSeenBySchema = schema
    }

    var document: String { "schema: cliprise-mock/v1\n\(text)\n" }
}

extension Mistake {
    static let all = keys + values + units + rules + faults + lines

    static let keys = [
        Mistake(
            "a misspelt key at the top", "rule: []",
            #"2:1: unknown key "rule"; did you mean "rules"?"#),
        Mistake(
            "a misspelt key deep inside", "rules:\n  - when: {opertion: status}\n    fault: close",
            #"3:12: unknown key "opertion"; did you mean "operation"?"#),
        Mistake(
            "a key that is like no other", "accounts: [{key: a, colour: red}]",
            #"2:21: unknown key "colour"; allowed: key, prefix, count, credits"#),
        Mistake(
            "a key twice", "name: a\nabout: b\nname: c", #"4:1: duplicate key "name"; it stands already at 2:1"#,
            schema: false),
        Mistake(
            "keys twice in several places, and another error",
            "rules:\n  - {fault: close, fault: reset, fault: hang}\nclock: {mode: real, \"mode\": real}\nseed: x",
            #"3:20: duplicate key "fault"; it stands already at 3:6"#,
            #"3:34: duplicate key "fault"; it stands already at 3:6"#,
            #"4:21: duplicate key "mode"; it stands already at 4:9"#,
            "5:7: found the text \"x\"; expected a whole number from 0 to 18446744073709551615"),
        Mistake(
            "a missing key", "capacity: {concurrency: 1, service: 1s}", #"2:11: capacity needs the key "queue""#),
        Mistake(
            "a key that cannot stand alone", "accounts: [{key: a, count: 3}]",
            #"2:21: "count" stands beside prefix"#),
        Mistake(
            "neither of two keys", "accounts: [{credits: 3}]",
            "2:12: an account has one of key or prefix; this one has none"),
        Mistake(
            "a key that is a list", "? [a, b]\n: c", "2:3: not readable as YAML: a key must be a word", schema: false),
    ]

    static let values = [
        Mistake(
            "a misspelt word", "profile: documneted", #"2:10: unknown word "documneted"; did you mean "documented"?"#),
        Mistake(
            "a word like no other", "charge: later",
            #"2:9: unknown word "later"; allowed: on_success, on_accept"#),
        Mistake(
            "a text for a number", "seed: \"5\"",
            #"2:7: found the text "5"; expected a whole number from 0 to 18446744073709551615"#),
        Mistake(
            "a number for a text", "name: 5", "2:7: found the number 5; expected a name, a text of 1 to 200 characters"),
        Mistake(
            "a negative number", "seed: -1",
            "2:7: found the number -1; expected a whole number from 0 to 18446744073709551615"),
        Mistake("a list for an object", "capacity: []", "2:11: found a list; expected capacity, an object"),
        Mistake(
            "an object for a list", "rules: {}", "2:8: found an object; expected a list of 0 to 1000 elements"),
        Mistake(
            "nothing for a list", "rules:", "2:7: found nothing; expected a list of 0 to 1000 elements"),
        Mistake(
            "a number beyond its range", "accounts: [{key: a, credits: 1000000000001}]",
            "2:30: found the number 1000000000001; expected credits, a whole number from 0 to 1000000000000"),
        Mistake(
            "a fraction for a whole number", "accounts: [{key: a, credits: 1.5}]",
            "2:30: found the number 1.5; expected credits, a whole number from 0 to 1000000000000"),
        Mistake(
            "a key with a space", "accounts: [{key: a b}]",
            #"2:18: found the text "a b"; expected a key of 1 to 256 printable ASCII characters without spaces"#),
        Mistake(
            "an account twice", "accounts: [{key: a}, {key: a}]", #"2:11: the account "a" is there twice"#,
            schema: false),
        Mistake(
            "a tick for a real clock", "clock: {mode: real, tick_per_poll: 1s}",
            "2:15: tick_per_poll and delays are for a virtual clock", schema: false),
    ]

    static let units = [
        Mistake(
            "a bare number for a time", "rules: [{fault: {latency: 2}}]",
            "2:27: found the number 2; expected a length of time with its unit, such as 250ms, 3s, 1m30s or 1h, at most 8760h"
        ),
        Mistake(
            "an unknown unit", "rules: [{fault: close, ttl: 2sec}]",
            "2:29: found the text \"2sec\"; expected a length of time with its unit, such as 250ms, 3s, 1m30s or 1h, at most 8760h"
        ),
        Mistake(
            "no time at all where some is needed", "rules: [{fault: close, ttl: 0s}]",
            "2:29: a length of time above zero belongs here", schema: false),
        Mistake(
            "a time beyond a year", "rules: [{fault: close, ttl: 8761h}]",
            "2:29: found the text \"8761h\"; expected a length of time with its unit, such as 250ms, 3s, 1m30s or 1h, at most 8760h",
            schema: false),
        Mistake(
            "a bare number for a speed", "rules: [{fault: {throttle: 10}}]",
            "2:28: found the number 10; expected a speed with its unit, such as 10KiB/s, at most 1GiB/s"),
        Mistake(
            "a probability above 1", "rules: [{chance: {p: 1.1, fault: close}}]",
            "2:22: found the number 1.1; expected a probability, a number from 0 to 1"),
        Mistake(
            "a size with an unknown unit", "rules: [{fault: {truncate: 5kB}}]",
            "2:28: found the text \"5kB\"; expected a number of bytes, such as 5 or 64KiB, or a part of the body such as 50%"
        ),
        Mistake(
            "more than the whole body", "rules: [{fault: {truncate: 101%}}]",
            "2:28: found the text \"101%\"; expected a number of bytes, such as 5 or 64KiB, or a part of the body such as 50%",
            schema: false),
    ]
}
