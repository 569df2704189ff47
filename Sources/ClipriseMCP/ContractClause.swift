package import ClipriseWire

/// A clause of the contract in a sentence, for whoever writes a client.
package struct ContractClause: Sendable {
    package var clause: Clause
    package var text: String
    /// Who says it: documented, later, upstream or assumed.
    package var from: String

    package static func of(_ clause: Clause) -> ContractClause {
        let (text, from) = words(clause)
        return ContractClause(clause: clause, text: text, from: from)
    }

    private static func words(_ clause: Clause) -> (String, String) {
        switch clause {
        case .host1, .host2, .host3, .host4, .http1, .http2, .http3: transport(clause)
        case .gen1, .gen2, .gen3, .gen4, .gen5, .gen6, .gen7, .gen8, .gen9, .gen10, .gen11, .gen12: generate(clause)
        case .sta1, .sta2, .sta3, .sta4, .sta5, .sta6, .sta7, .sta8: status(clause)
        default: rest(clause)
        }
    }

    private static func transport(_ clause: Clause) -> (String, String) {
        switch clause {
        case .host1: ("generate with a Host other than business.api.cliprise.app: 400, empty body", "documented")
        case .host2: ("status with another Host: 400 {\"msg\":\"method_not_allowed\"}", "documented")
        case .host3: ("Host names compare without case; the mock lets further ones in when it is told to", "assumed")
        case .host4: ("two Host fields, none, or a malformed one: 400", "assumed")
        case .http1: ("an unknown path, or another method on a known one: 404 {\"code\":404,\"message\":…}", "assumed")
        case .http2: ("bodies are JSON in UTF-8; an empty one has Content-Length 0 and no content type", "assumed")
        default: ("HTTP 300 has no Location: it is no redirect, but means ask again", "documented")
        }
    }

    private static func generate(_ clause: Clause) -> (String, String) {
        switch clause {
        case .gen1: ("Authorization: Bearer KEY; without a known key {\"msg\":\"invalid_api_key\"}", "documented")
        case .gen2: ("a body that is no JSON object: HTTP 200 with code 400", "assumed")
        case .gen3: ("a model that is not in the catalogue: {\"msg\":\"invalid_model_id\"}", "documented")
        case .gen4: ("routed ids, such as flux-kontext-pro, select a family and fix its tier", "later")
        case .gen5:
            (
                "a required field absent, null or blank: HTTP 200 {\"code\":400,\"msg\":\"This field is required\"}",
                "documented"
            )
        case .gen6: ("callBackUrl must be an HTTPS URL, else HTTP 200 with code 400", "documented")
        case .gen7: ("input that breaks a rule: HTTP 200 with code 400, or with an empty body", "documented")
        case .gen8: ("some models want keys at the root and in input, both with one value", "documented")
        case .gen9: ("options is a JSON object as a string, at the root", "documented")
        case .gen10:
            (
                "not enough credits: {\"msg\":\"insufficient_credits\",\"action_url\":…}; nothing is started",
                "documented"
            )
        case .gen11: ("accepted: HTTP 200 [{\"code\":200,\"taskId\":…}]; a bare object is possible too", "documented")
        default: ("a refused request costs nothing", "later")
        }
    }

    private static func status(_ clause: Clause) -> (String, String) {
        switch clause {
        case .sta1: ("the key is in the query, as apiKey; a Bearer field does not help", "documented")
        case .sta2: ("no such task of this key: 400 {\"msg\":\"invalid_taskId\"}", "documented")
        case .sta3:
            ("not finished: HTTP 300 {\"status\":\"processing\"}; ask again later, with growing pauses", "documented")
        case .sta4: ("finished: 200 with status and fileURL, which is this URL with download=true", "documented")
        case .sta5: ("finished, and download is exactly true: 200 with the file", "documented")
        case .sta6: ("several outputs download as a zip, such as grok-imagine.zip", "documented")
        case .sta7: ("failed: 400 {\"status\":\"failed\",\"failMsg\":…}; nothing is charged", "documented")
        default: ("files have a type, a length, a name and byte ranges", "assumed")
        }
    }

    private static func rest(_ clause: Clause) -> (String, String) {
        switch clause {
        case .cr1: ("the price is the row of the model's table that its input selects", "documented")
        case .cr2: ("rows without a label are read as sound or as the next resolution", "upstream")
        case .cr3: ("models without a published price have an assumed one", "assumed")
        case .cr4: ("prices per second count started seconds", "assumed")
        case .cr5: ("elevenlabs-tts costs 49 credits for each started block of 5,000 characters", "documented")
        case .cr6: ("accepting a task sets its price aside; success takes it, failure gives it back", "later")
        case .cr7: ("an account is the sum of its ledger, and never below zero", "assumed")
        case .cb1: ("callBackUrl is stored; do not rely on its being called: poll", "documented")
        case .cb2: ("a callback is a POST of JSON with 15 s and 3 retries, and may come more than once", "upstream")
        case .pro1: ("the profile documented: all models work when the body is right", "documented")
        case .pro2: ("the profile snapshot-2026-04-04: seven models answer 200 with an empty body", "documented")
        default: ("the profile later: 401 and 402 with a nested error, success in an array", "later")
        }
    }
}
