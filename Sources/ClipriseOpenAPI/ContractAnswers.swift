internal import ClipriseWire

/// The answers of both operations, with an example for each clause.
struct ContractAnswers {
    let profile: ContractProfile

    private static let task = "f11021d5b56bc19932b336ac0dbf413f"
    private static let fileURL =
        "https://\(Contract.host)\(Contract.statusPath)?apiKey=YOUR_KEY&taskId=\(task)&download=true"

    private var isLater: Bool { profile == .later }

    // MARK: Operations

    var generate: JSONTree {
        var answers: JSONTree = [
            "200": json(
                "Accepted, or refused: the code in the body says which. The body can also be empty, without a content "
                    + "type: an input that the service did not understand (GEN-7)"
                    + (profile == .snapshot ? ", and seven models always (PRO-2)." : "."),
                ["oneOf": [ref("accepted"), ref("acceptedObject"), ref("refused")]],
                [
                    example("GEN-11", "Accepted", "documented", [["code": 200, "taskId": .text(Self.task)]]),
                    example(
                        "GEN-5", "A required field is absent, null or blank", "documented",
                        refused("This field is required")),
                    example(
                        "GEN-2", "The body is no JSON object", "assumed", refused("Request body is not a JSON object")),
                    example(
                        "GEN-6", "callBackUrl is no HTTPS URL", "documented",
                        refused("callBackUrl must be a valid HTTPS URL")),
                    example(
                        "GEN-7", "input breaks a rule", "documented",
                        refused("image_size is not within the range of allowed options: 1:1, 3:4, 4:3, 9:16, 16:9")),
                    example(
                        "GEN-8", "A twin is missing at the root or in input", "documented",
                        refused("prompt must also stand at the root")),
                    example(
                        "GEN-9", "options is no JSON object as a string", "documented",
                        refused("options must be a JSON object as a string, not an object")),
                ], canBeEmpty: true),
            "400": json(
                "Refused before the body was looked at, or for want of credits. With a wrong Host the body is empty, "
                    + "without a content type (HOST-1, HOST-4).",
                ref("message"),
                [example("GEN-3", "No such model", "documented", ["msg": "invalid_model_id"])]
                    + (isLater ? [] : [invalidKey("GEN-1"), insufficientCredits]), canBeEmpty: true),
        ]
        if isLater {
            answers["401"] = json("No key, or none that is known.", ref("laterError"), [laterInvalidKey("GEN-1")])
            answers["402"] = json(
                "Not enough credits. The edition names the status and prints no body.", ref("laterError"),
                [
                    example(
                        "GEN-10", "Not enough credits", "assumed",
                        [
                            "code": 402,
                            "error": ["code": "insufficient_credits", "message": "Not enough credits."],
                            "action_url": .text(Contract.pricingURL),
                        ])
                ])
        }
        answers["413"] = ["description": "The body is longer than --body-limit; of the mock alone."]
        return answers
    }

    var status: JSONTree {
        let success: JSONTree = ["status": "success", "fileURL": .text(Self.fileURL)]
        var answers: JSONTree = [
            "200": success200(isLater ? [success] : success),
            "300": json(
                "Not finished; no Location (HTTP-3).", ref("processing"),
                [example("STA-3", "Not finished", "documented", ["status": "processing"])]),
            "400": json(
                "The job failed, or the request is wrong.",
                ["anyOf": [ref("failed"), ref("message")]],
                [
                    example(
                        "STA-7", "Failed; nothing is charged", "documented",
                        ["status": "failed", "failMsg": "Internal Error, Please try again later."]),
                    example("STA-2", "No such task of this key", "documented", ["msg": "invalid_taskId"]),
                    example("HOST-2", "Host is not the documented one", "documented", ["msg": "method_not_allowed"]),
                ] + (isLater ? [] : [invalidKey("STA-1")])),
            "206": ["description": "A part of the file, for a request with Range (STA-8)."],
            "404": ["description": "The link has expired, when a scenario wants that."],
            "416": ["description": "No such part of the file (STA-8)."],
        ]
        if isLater {
            answers["401"] = json("No key, or none that is known.", ref("laterError"), [laterInvalidKey("STA-1")])
        }
        return answers
    }

    private func success200(_ success: JSONTree) -> JSONTree {
        var answer = json(
            "Finished. With download=true the file: an image, a video, a sound, a transcript as JSON, or a zip of several "
                + "(STA-5, STA-6).",
            ["anyOf": [ref(isLater ? "succeededList" : "succeeded"), ref("transcript")]],
            [
                example("STA-4", "Finished", isLater ? "later" : "documented", success),
                example("STA-5", "The transcript of speech", "upstream", ["text": "A lighthouse at dusk."]),
            ])
        guard var content = answer["content"] else { return answer }
        for type in ["image/png", "image/jpeg", "video/mp4", "audio/mpeg", "application/zip"] {
            content[type] = ["schema": [:]]
        }
        answer["content"] = content
        return answer
    }

    // MARK: Pieces

    private func ref(_ name: String) -> JSONTree { ["$ref": .text("#/components/schemas/\(name)")] }

    private func refused(_ message: String) -> JSONTree {
        ["code": 400, "msg": .text(message), "data": .null]
    }

    private typealias Example = (clause: String, value: JSONTree)

    private func example(_ clause: String, _ summary: String, _ from: String, _ value: JSONTree) -> Example {
        (clause, ["summary": .text(summary), "value": value, "x-provenance": .text(from)])
    }

    private func invalidKey(_ clause: String) -> Example {
        example(clause, "No key, or none that is known", "documented", ["msg": "invalid_api_key"])
    }

    private func laterInvalidKey(_ clause: String) -> Example {
        example(
            clause, "No key, or none that is known", "later",
            ["code": 401, "error": ["code": "invalid_api_key", "message": "Missing or invalid API key."]])
    }

    private var insufficientCredits: Example {
        example(
            "GEN-10", "Not enough credits", "documented",
            ["msg": "insufficient_credits", "action_url": .text(Contract.pricingURL)])
    }

    private func json(
        _ description: String, _ schema: JSONTree, _ examples: [Example], canBeEmpty: Bool = false
    ) -> JSONTree {
        var answer: JSONTree = [
            "description": .text(description),
            "content": [
                "application/json": [
                    "schema": schema, "examples": .object(examples.map { .init(key: $0.clause, value: $0.value) }),
                ]
            ],
        ]
        if canBeEmpty { answer["x-can-be-empty"] = true }
        return answer
    }

    // MARK: Components

    static let schemas: [(String, JSONTree)] = [
        (
            "accepted",
            ["type": "array", "minItems": 1, "maxItems": 1, "items": ["$ref": "#/components/schemas/acceptedObject"]]
        ),
        (
            "acceptedObject",
            [
                "type": "object", "required": ["code", "taskId"],
                "properties": ["code": ["const": 200], "taskId": ["type": "string", "pattern": "^[0-9a-f]{32}$"]],
                "x-provenance": ["required": "documented", "pattern": "assumed"],
            ]
        ),
        (
            "refused",
            [
                "type": "object", "required": ["code", "msg"],
                "properties": ["code": ["const": 400], "msg": ["type": "string"], "data": ["type": "null"]],
                "x-provenance": ["required": "documented"],
            ]
        ),
        (
            "message",
            [
                "type": "object", "required": ["msg"],
                "properties": [
                    "msg": [
                        "enum": [
                            "invalid_api_key", "invalid_model_id", "insufficient_credits", "invalid_taskId",
                            "method_not_allowed",
                        ]
                    ],
                    "action_url": ["type": "string", "format": "uri"],
                ],
                "x-provenance": ["msg": "documented", "action_url": "documented"],
            ]
        ),
        (
            "laterError",
            [
                "type": "object", "required": ["code", "error"],
                "properties": [
                    "code": ["type": "integer"],
                    "error": [
                        "type": "object", "required": ["code", "message"],
                        "properties": ["code": ["type": "string"], "message": ["type": "string"]],
                    ],
                    "action_url": ["type": "string", "format": "uri"],
                ],
                "x-provenance": ["code": "later", "error": "later", "action_url": "assumed"],
            ]
        ),
        (
            "processing",
            [
                "type": "object", "required": ["status"], "properties": ["status": ["const": "processing"]],
                "x-provenance": ["status": "documented"],
            ]
        ),
        (
            "succeeded",
            [
                "type": "object", "required": ["status", "fileURL"],
                "properties": ["status": ["const": "success"], "fileURL": ["type": "string", "format": "uri"]],
                "x-provenance": ["status": "documented", "fileURL": "documented"],
            ]
        ),
        (
            "succeededList",
            ["type": "array", "minItems": 1, "maxItems": 1, "items": ["$ref": "#/components/schemas/succeeded"]]
        ),
        (
            "transcript",
            [
                "type": "object", "description": "The words of an elevenlabs-speech-to-text job.",
                "x-provenance": ["type": "upstream"],
            ]
        ),
        (
            "failed",
            [
                "type": "object", "required": ["status", "failMsg"],
                "properties": ["status": ["const": "failed"], "failMsg": ["type": "string"]],
                "x-provenance": ["required": "documented", "status": "assumed"],
            ]
        ),
    ]
}
