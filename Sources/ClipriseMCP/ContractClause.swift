internal import ClipriseWire

/// A clause of the contract in a sentence, for whoever writes a client.
struct ContractClause {
    var clause: Clause

    var text: String {
        switch clause {
        case .host1: "generate with a Host other than business.api.cliprise.app: 400, empty body"
        case .host2: #"status with another Host: 400 {"msg":"method_not_allowed"}"#
        case .host3: "Host names compare without case; the mock lets further ones in with --accept-host"
        case .host4: "two Host fields, none, or a malformed one: 400"
        case .http1: #"an unknown path, or another method on a known one: 404 {"code":404,"message":…}"#
        case .http2: "bodies are JSON in UTF-8; an empty one has Content-Length 0 and no content type"
        case .http3: "HTTP 300 has no Location: it is no redirect, but means ask again"
        case .http4: "one slash at the end of a known path is taken, with a warning"
        case .http5: "generate without Content-Type: application/json: its body is not read, so fields are missing"
        case .gen1: #"Authorization: Bearer KEY; without a known key {"msg":"invalid_api_key"}"#
        case .gen2: "a body that is no JSON object: HTTP 200 with code 400"
        case .gen3: #"a model that is not in the catalogue: {"msg":"invalid_model_id"}"#
        case .gen4: "routed ids, such as flux-kontext-pro, select a family and fix its tier"
        case .gen5: #"a required field absent, null or blank: HTTP 200 {"code":400,"msg":"This field is required"}"#
        case .gen6: "callBackUrl must be an HTTPS URL, else HTTP 200 with code 400"
        case .gen7: "input that breaks a rule: HTTP 200 with code 400, or with an empty body"
        case .gen8: "some models want keys at the root and in input, both with one value"
        case .gen9: "options is a JSON object as a string, at the root"
        case .gen10: #"not enough credits: {"msg":"insufficient_credits","action_url":…}; nothing is started"#
        case .gen11: #"accepted: HTTP 200 [{"code":200,"taskId":…}]; a bare object is possible too"#
        case .gen12: "a refused request costs nothing"
        case .sta1: "the key is in the query, as apiKey; a Bearer field does not help"
        case .sta2: #"no such task of this key: 400 {"msg":"invalid_taskId"}"#
        case .sta3: #"not finished: HTTP 300 {"status":"processing"}; ask again later, with growing pauses"#
        case .sta4: "finished: 200 with status and fileURL, which is this URL with download=true"
        case .sta5: "finished, and download is exactly true: 200 with the file"
        case .sta6: "several outputs download as a zip, such as grok-imagine.zip"
        case .sta7: #"failed: 400 {"status":"failed","failMsg":…}; nothing is charged"#
        case .sta8: "files have a type, a length, a name and byte ranges"
        case .cr1: "the price is the row of the model's table that its input selects"
        case .cr2: "rows without a label are read as sound or as the next resolution"
        case .cr3: "models without a published price have an assumed one"
        case .cr4: "prices per second count started seconds"
        case .cr5: "elevenlabs-tts costs 49 credits for each started block of 5,000 characters"
        case .cr6: "accepting a task sets its price aside; success takes it, failure gives it back"
        case .cr7: "an account is the sum of its ledger, and never below zero"
        case .cb1: "callBackUrl is stored; do not rely on its being called: poll"
        case .cb2: "a callback is a POST of JSON with 15 s and 3 retries, and may come more than once"
        case .pro1: "the profile documented: all models work when the body is right"
        case .pro2: "the profile snapshot-2026-04-04: seven models answer 200 with an empty body"
        case .pro3: "the profile later: 401 and 402 with a nested error, success in an array"
        }
    }

    /// Who says it: documented, later, upstream or assumed.
    var from: String {
        switch clause {
        case .host1, .host2, .http3, .gen1, .gen3, .gen5, .gen6, .gen7, .gen8, .gen9, .gen10, .gen11, .sta1, .sta2,
            .sta3, .sta4, .sta5, .sta6, .sta7, .cr1, .cr5, .cb1, .pro1, .pro2:
            "documented"
        case .gen4, .gen12, .cr6, .pro3: "later"
        case .cr2, .cb2: "upstream"
        case .host3, .host4, .http1, .http2, .http4, .http5, .gen2, .sta8, .cr3, .cr4, .cr7: "assumed"
        }
    }
}
