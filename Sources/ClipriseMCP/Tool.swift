internal import ClipriseOpenAPI

/// A tool as `tools/list` describes it.
struct Tool {
    let name: String
    let about: String
    let arguments: [(name: String, type: String, about: String, isRequired: Bool)]
    var isReadOnly = true

    var tree: JSONTree {
        [
            "name": .text(name), "description": .text(about),
            "inputSchema": [
                "type": "object",
                "properties": .object(
                    arguments.map { argument in
                        .init(
                            key: argument.name,
                            value: ["type": .text(argument.type), "description": .text(argument.about)])
                    }),
                "required": .list(arguments.filter(\.isRequired).map { .text($0.name) }),
                "additionalProperties": false,
            ],
            "annotations": ["readOnlyHint": .boolean(isReadOnly), "openWorldHint": false],
        ]
    }

    static let all = [
        Tool(
            name: "models",
            about: "The catalogue: all models with their prices, or one with every parameter, limit and source.",
            arguments: [("model", "string", "The id of one model; without it all are listed.", false)]),
        Tool(
            name: "quote",
            about: "Check and price a generate body without sending it. A refused one comes back with the reason.",
            arguments: [
                ("body", "object", "The whole body, with model, callBackUrl and input.", true),
                ("profile", "string", "documented, snapshot-2026-04-04 or later.", false),
                ("strict", "boolean", "Refuse what otherwise only warns.", false),
            ]),
        Tool(
            name: "start",
            about: "Start a mock server on a free port of this machine, in the place of one that is running. Answers "
                + "with its URL. Clients send Host: business.api.cliprise.app, or any loopback name.",
            arguments: [
                ("scenario", "string", "The name of a built-in scenario to follow; see the resources.", false),
                ("account", "string", "KEY=CREDITS; without it test-key=10000.", false),
                ("profile", "string", "documented, snapshot-2026-04-04 or later.", false),
                ("time_scale", "number", "Tasks take the model's typical time times this; 0 finishes at once.", false),
            ], isReadOnly: false),
        Tool(name: "stop", about: "Stop the mock server that start began.", arguments: [], isReadOnly: false),
        Tool(
            name: "accounts",
            about: "The accounts of the running mock: credits, held, available; or one with its ledger.",
            arguments: [("key", "string", "The key of one account; without it all are listed.", false)]),
        Tool(
            name: "run_scenario",
            about:
                "Run a scenario with simulated clients in virtual time, and compare retry policies by cost and time.",
            arguments: [
                ("scenario", "string", "The name of a built-in scenario.", true),
                ("policy", "string", "A policy by name, such as full-jitter or naive.", false),
                ("clients", "integer", "How many clients, 1 to 10000; usually 100.", false),
            ]),
        Tool(
            name: "grade",
            about: "Judge what the client under test did to the running mock so far: lost credits, double jobs, poll "
                + "habits, with a letter.",
            arguments: [("final", "boolean", "Whether the client is done, so that jobs left behind count.", false)]),
        Tool(
            name: "explain",
            about: "One event of the running mock's journal, with the clause of the contract that decided it.",
            arguments: [
                ("event", "integer", "The event's sequence number.", true),
                ("key", "string", "The account's key; without it test-key.", false),
            ]),
    ]
}
