internal import ClipriseJournal
internal import ClipriseWire

extension ExchangeContent {
    /// What an exchange said; nil for one of which that was not kept.
    static func read(_ fields: Fields) throws(FieldProblem) -> ExchangeContent? {
        guard fields.has("request") else {
            guard !fields.has("response") else { throw fields.problem("response", "stands without request") }
            return nil
        }
        let request = try fields.object("request")
        try request.allow(["target"] + Message.members)
        var content = ExchangeContent(target: try request.text("target"), request: try Message.read(request))
        if fields.has("response") {
            let response = try fields.object("response")
            try response.allow(Message.members)
            content.response = try Message.read(response)
        }
        return content
    }
}

extension ExchangeContent.Message {
    fileprivate static let members = ["fields", "bodyBytes", "body", "bodyBase64", "bodyIsCut"]

    fileprivate static func read(_ fields: Fields) throws(FieldProblem) -> ExchangeContent.Message {
        var message = ExchangeContent.Message(body: ExchangeContent.Body(size: try fields.count("bodyBytes")))
        for field in try fields.objects("fields") {
            try field.allow(["name", "value"])
            message.fields.append(ExchangeContent.Field(try field.text("name"), try field.text("value")))
        }
        if fields.has("body") {
            guard !fields.has("bodyBase64") else { throw fields.problem("bodyBase64", "stands beside body") }
            message.body.bytes = Array(try fields.text("body").utf8)
        } else if fields.has("bodyBase64") {
            guard let bytes = Base64.decode(Array(try fields.text("bodyBase64").utf8)) else {
                throw fields.problem("bodyBase64", "expected base64 with padding")
            }
            message.body.bytes = bytes
        }
        if fields.has("bodyIsCut") { message.body.isCut = try fields.boolean("bodyIsCut") }
        return message
    }
}
