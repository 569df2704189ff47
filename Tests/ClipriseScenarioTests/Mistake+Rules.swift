@testable import ClipriseScenario

extension Mistake {
    static let rules = [
        Mistake(
            "a rule that does nothing", "rules:\n  - name: a\n    when: {operation: status}",
            "3:5: a rule has one of fault, plan or chance; this one has none"),
        Mistake(
            "a rule that does two things", "rules:\n  - fault: close\n    plan: [pass]",
            "4:5: a rule has one of fault, plan or chance; this one has fault and plan"),
        Mistake(
            "a phase beside a plan", "rules: [{plan: [close], phase: after}]", #"2:25: "phase" stands beside fault"#),
        Mistake(
            "repetition of no plan", "rules: [{fault: close, repeat: true}]", #"2:24: "repeat" stands beside plan"#),
        Mistake(
            "an empty plan", "rules: [{plan: []}]",
            "2:16: found a list of 0 elements; expected a list of 1 to 1000 elements"),
        Mistake(
            "an unknown operation", "rules: [{fault: close, when: {operation: [status, poll]}}]",
            #"2:51: unknown word "poll"; allowed: generate, status, download"#),
        Mistake(
            "attempt 0", "rules: [{fault: close, when: {attempt: 0}}]",
            "2:40: found the number 0; expected a whole number from 1 to 1000000000"),
        Mistake(
            "a range that ends before it starts", "rules: [{fault: close, when: {task: {from: 3, to: 2}}}]",
            "2:51: the last must not stand before the first", schema: false),
        Mistake(
            "a range without a start", "rules: [{fault: close, when: {task: {to: 2}}}]",
            "2:37: a range has one of from, at_least or at_most; this one has none",
            #"2:38: "to" stands beside from"#),
        Mistake(
            "a header without a name", "rules: [{fault: close, when: {header: {\"x y\": a}}}]",
            #"2:40: "x y" is no name of a header field"#),
        Mistake(
            "a window without a length", "rules: [{fault: close, during: {from: 10s}}]",
            #"2:32: a window of time needs the key "for""#),
        Mistake(
            "a name twice", "rules: [{name: a, fault: close}, {name: a, fault: reset}]",
            #"2:34: another rule is called "a" as well"#, schema: false),
        Mistake(
            "the fault of a task on a poll", "rules: [{when: {operation: status}, fault: stuck}]",
            "2:16: stuck is decided when a task is made; the operation must be generate", schema: false),
    ]

    static let faults = [
        Mistake("a misspelt fault", "rules: [{fault: closed}]", #"2:17: unknown word "closed"; did you mean "close"?"#),
        Mistake(
            "a misspelt fault with numbers", "rules: [{fault: {latncy: 2s}}]",
            #"2:18: unknown key "latncy"; did you mean "latency"?"#),
        Mistake(
            "a word for a fault that needs numbers", "rules: [{fault: truncate}]",
            #"2:17: "truncate" needs its value: {truncate: …}"#),
        Mistake(
            "a value for a fault that has none", "rules: [{fault: {close: true}}]",
            #"2:18: "close" stands alone, without a value"#),
        Mistake(
            "two faults in one", "rules: [{fault: {status: 503, latency: 2s}}]",
            "2:31: a fault has one of its kinds; this one has status and latency"),
        Mistake(
            "a number for a fault", "rules: [{fault: 503}]",
            "2:17: found the number 503; expected a fault: one of \(faultWords), or an object with one of \(faultKeys)"),
        Mistake(
            "a status beyond all", "rules: [{fault: {status: 600}}]",
            "2:26: found the number 600; expected a status from 200 to 599"),
        Mistake(
            "an unknown body", "rules: [{fault: {status: 503, body: htm}}]",
            #"2:37: unknown word "htm"; did you mean "html"?"#),
        Mistake(
            "a header of the mock's own", "rules: [{fault: {status: 503, headers: {Content-Length: \"5\"}}}]",
            #"2:41: "Content-Length" is sent by the mock itself"#, schema: false),
        Mistake(
            "a line break in a header", "rules: [{fault: {status: 503, headers: {x-a: \"a\\nb\"}}}]",
            "2:46: a field value has no control characters", schema: false),
        Mistake(
            "a phase inside that makes no sense", "rules: [{fault: {throttle: 1KiB/s, phase: before}}]",
            "2:43: phase before makes no sense for throttle; allowed: body"),
        Mistake(
            "a phase beside that makes no sense", "rules: [{fault: stuck, phase: before}]",
            "2:31: phase before makes no sense for stuck; allowed: after", schema: false),
        Mistake(
            "a phase twice", "rules: [{fault: {status: 503, phase: after}, phase: after}]",
            "2:53: the phase is given twice", schema: false),
        Mistake(
            "an unknown phase", "rules: [{fault: close, phase: middle}]",
            #"2:31: unknown word "middle"; allowed: before, after, body"#),
        Mistake(
            "an unknown corruption", "rules: [{fault: {corrupt: jsn}}]",
            #"2:27: unknown word "jsn"; did you mean "json"?"#),
        Mistake(
            "a uniform distribution upside down", "rules: [{fault: {latency: {uniform: [3s, 1s]}}}]",
            "2:37: the first length must not exceed the second", schema: false),
        Mistake(
            "a uniform distribution with one end", "rules: [{fault: {latency: {uniform: [3s]}}}]",
            "2:37: found a list of 1 elements; expected a list of 2 to 2 elements"),
        Mistake(
            "a lognormal distribution without a spread", "rules: [{fault: {latency: {lognormal: {median: 1s}}}}]",
            #"2:39: lognormal needs the key "sigma""#),
        Mistake(
            "duplicates that are none", "rules: [{fault: {callback: {duplicate: 1}}}]",
            "2:40: found the number 1; expected a whole number from 2 to 100"),
        Mistake(
            "pieces of no bytes", "rules: [{fault: {slice: {bytes: 0, every: 1s}}}]",
            "2:33: a piece has at least 1 byte", schema: false),
    ]

    static let lines = [
        Mistake(
            "a line of tasks that decides nothing", "tasks: [{model: sora-2}]",
            "2:9: a line of tasks needs at least one of life, outcome, media_seconds"),
        Mistake(
            "a misspelt outcome", "tasks: [{outcome: sucess}]", #"2:19: unknown word "sucess"; did you mean "success"?"#
        ),
        Mistake(
            "a life of no polls", "tasks: [{life: {polls: 0}}]",
            "2:24: found the number 0; expected a whole number from 1 to 1000000"),
        Mistake(
            "a misspelt property", "expect: [no_duble_charge]",
            #"2:10: unknown word "no_duble_charge"; did you mean "no_double_charge"?"#),
        Mistake(
            "a misspelt count", "expect: [{attemps: {exactly: 1}}]",
            #"2:11: unknown key "attemps"; did you mean "attempts"?"#),
        Mistake(
            "a count without a bound", "expect: [{attempts: {model: \"veo-*\"}}]",
            "2:21: a count has one of exactly, at_most, at_least or between; this one has none"),
        Mistake(
            "a count with a misspelt bound", "expect: [{charges: nver}]",
            #"2:20: unknown word "nver"; did you mean "never"?"#),
        Mistake(
            "numbers the wrong way round", "expect: [{charges: {between: [3, 1]}}]",
            "2:30: the first number must not exceed the second", schema: false),
        Mistake(
            "an order of one", "expect: [{in_order: [generate]}]",
            "2:21: found a list of 1 elements; expected a list of 2 to 100 elements"),
        Mistake(
            "a gap without a bound", "expect: [{gap: {of: status}}]",
            "2:16: gap needs at least one of at_least, at_most"),
        Mistake(
            "a rule that does not exist",
            "rules: [{name: outage, fault: close}]\nexpect: [{requests: {exactly: 1, rule: outrage}}]",
            #"3:10: no rule is called "outrage"; did you mean "outage"?"#, schema: false),
        Mistake(
            "an unknown clause", "expect: [{requests: {exactly: 1, clause: GEN-13}}]",
            #"2:42: unknown word "GEN-13"; did you mean "GEN-1"?"#),
        Mistake(
            "an unknown jitter", "expect: [{backoff: {jitter: ful}}]",
            #"2:29: unknown word "ful"; did you mean "full"?"#),
    ]

    private static let faultWords = Forms.faultChoice.words.map(\.word).joined(separator: ", ")
    private static let faultKeys = Forms.faultChoice.keyed.map(\.key).joined(separator: ", ")
}
