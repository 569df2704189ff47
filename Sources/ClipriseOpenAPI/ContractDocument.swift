package import ClipriseCatalog
package import ClipriseWire

/// The contract of the service as an OpenAPI 3.1 document, made from the catalogue.
package struct ContractDocument {
    private let catalog: Catalog
    private let profile: ContractProfile
    private let version: String

    /// - Parameter version: This program's, for `info.version`.
    package init(_ catalog: Catalog, _ profile: ContractProfile, version: String) {
        self.catalog = catalog
        self.profile = profile
        self.version = version
    }

    package var tree: JSONTree {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Cliprise Business API",
                "version": .text("\(profile.rawValue) (cliprise-mock \(version))"),
                "description": .text(about),
            ],
            "servers": [["url": .text("https://\(Contract.host)"), "description": "The only host it answers to."]],
            "tags": [["name": "jobs", "description": "Start an AI media job, ask for it, download its result."]],
            "paths": [
                "\(Contract.generatePath)": ["post": generate],
                "\(Contract.statusPath)": ["get": status],
            ],
            "components": ["securitySchemes": security, "schemas": schemas],
        ]
    }

    private var about: String {
        """
        What cliprise-mock imitates as its profile \(profile.rawValue): two operations and \(catalog.models.count) models. \
        Each keyword has its source in x-provenance: documented (the published reference), later (a later edition of \
        it), upstream (the model's own schema) or assumed (nobody says). The service refuses what breaks a documented \
        keyword; what breaks another is let through by the mock with a warning. The names of examples are clauses of \
        the contract, such as GEN-5.
        """
    }

    private var security: JSONTree {
        [
            "key": ["type": "http", "scheme": "bearer", "description": "For generate (GEN-1)."],
            "apiKey": ["type": "apiKey", "in": "query", "name": "apiKey", "description": "For status (STA-1)."],
        ]
    }

    // MARK: Operations

    private var generate: JSONTree {
        var examples: JSONTree = [:]
        for model in catalog.models {
            for (index, row) in model.price.rows.enumerated() {
                examples["\(model.id).\(index + 1)"] = [
                    "summary": .text("\(model.name.value), \(row.unit): \(credits(model, row))"),
                    "value": ExampleBody.of(model, row: index),
                    "x-provenance": .text(row.from.rawValue),
                ]
            }
        }
        return [
            "operationId": "generate", "tags": ["jobs"], "summary": "Start a job",
            "description": .text(
                "Accepting a job sets its price aside; it is charged when the job succeeds (CR-6). A refused body is "
                    + "answered with HTTP 200 all the same: read the code in the body."),
            "security": [["key": []]],
            "requestBody": [
                "required": true,
                "content": [
                    "application/json": [
                        "schema": ["$ref": "#/components/schemas/generate"], "examples": examples,
                    ]
                ],
            ],
            "responses": ContractAnswers(profile: profile).generate,
        ]
    }

    private func credits(_ model: Model, _ row: PriceRule.Row) -> String {
        switch model.price.unit {
        case .task: DecimalText.count(row.credits, "credit")
        case .second: "\(DecimalText.count(row.credits, "credit")) for each started second"
        case .block(let key, let characters):
            "\(DecimalText.count(row.credits, "credit")) for each started \(characters) characters of \(key)"
        }
    }

    private var status: JSONTree {
        [
            "operationId": "status", "tags": ["jobs"], "summary": "Ask for a job, or download its result",
            "description": .text(
                "HTTP 300 means that the job is not finished: ask again later, and follow no redirect (HTTP-3). A "
                    + "request with download=true is a poll too, until it is answered with the file (STA-3)."),
            "security": [["apiKey": []]],
            "parameters": [
                [
                    "name": "taskId", "in": "query", "required": true, "description": "As generate returned it.",
                    "schema": ["type": "string", "minLength": 1, "x-provenance": ["type": "documented"]],
                    "x-provenance": "documented",
                ],
                [
                    "name": "download", "in": "query", "required": false,
                    "description": "The file itself, when exactly true; any other value is as if absent (STA-5).",
                    "schema": ["type": "string", "enum": ["true"], "x-provenance": ["enum": "documented"]],
                    "x-provenance": "documented",
                ],
            ],
            "responses": ContractAnswers(profile: profile).status,
        ]
    }

    // MARK: Components

    private var schemas: JSONTree {
        var schemas: JSONTree = [:]
        let models = catalog.models.map { ModelSchema(model: $0, profile: profile) }
        var mapping: JSONTree = [:]
        for (model, schema) in zip(catalog.models, models) {
            for route in schema.ids {
                mapping[route.id] = .text("#/components/schemas/\(ModelSchema.bodyName(model.id))")
            }
        }
        schemas["generate"] = [
            "oneOf": .list(
                catalog.models.map { ["$ref": .text("#/components/schemas/\(ModelSchema.bodyName($0.id))")] }),
            "discriminator": ["propertyName": "model", "mapping": mapping],
        ]
        for (model, schema) in zip(catalog.models, models) {
            schemas[ModelSchema.bodyName(model.id)] = schema.body
            schemas[ModelSchema.inputName(model.id)] = schema.input
        }
        for (name, schema) in ContractAnswers.schemas { schemas[name] = schema }
        return schemas
    }
}
