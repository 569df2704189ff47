package import ClipriseCatalog
internal import ClipriseWire

/// One request for each model, and the two for its job, for programs that send requests by hand.
package struct RequestFiles {
    private let catalog: Catalog

    package init(_ catalog: Catalog) {
        self.catalog = catalog
    }

    private static let variables: [(name: String, value: String)] = [
        ("baseUrl", "http://127.0.0.1:8080"), ("host", "\(Contract.host)"), ("apiKey", "test-key"), ("taskId", ""),
    ]

    private static let statusQuery = "apiKey={{apiKey}}&taskId={{taskId}}"

    /// The text of a `.http` file, as editors run it.
    package var http: String {
        var text = "# Requests to the Cliprise Business API: one for each model, then status and download.\n"
        for variable in Self.variables { text += "@\(variable.name) = \(variable.value)\n" }
        for model in catalog.models {
            let row = model.price.rows[0]
            text += """

                ### \(model.id): \(row.unit), \(row.credits) credits
                POST {{baseUrl}}\(Contract.generatePath) HTTP/1.1
                Host: {{host}}
                Authorization: Bearer {{apiKey}}
                Content-Type: application/json

                \(ExampleBody.of(model, row: 0).pretty)
                """
        }
        for (title, ending) in [("status", ""), ("download", "&download=true")] {
            text += """

                ### \(title)
                GET {{baseUrl}}\(Contract.statusPath)?\(Self.statusQuery)\(ending) HTTP/1.1
                Host: {{host}}

                """
        }
        return text
    }

    /// A Postman collection, format 2.1.
    package var postman: JSONTree {
        var items: [JSONTree] = catalog.models.map { model in
            [
                "name": .text("generate \(model.id)"),
                "request": [
                    "method": "POST",
                    "description": .text("\(model.name.value): \(model.price.rows[0].unit)"),
                    "header": [
                        header("Host", "{{host}}"), header("Authorization", "Bearer {{apiKey}}"),
                        header("Content-Type", "application/json"),
                    ],
                    "url": url("\(Contract.generatePath)", query: []),
                    "body": [
                        "mode": "raw", "raw": .text(ExampleBody.of(model, row: 0).pretty),
                        "options": ["raw": ["language": "json"]],
                    ],
                ],
            ]
        }
        for (name, ending) in [("status", []), ("download", [("download", "true")])] {
            items.append([
                "name": .text(name),
                "request": [
                    "method": "GET", "header": [header("Host", "{{host}}")],
                    "url": url(
                        "\(Contract.statusPath)", query: [("apiKey", "{{apiKey}}"), ("taskId", "{{taskId}}")] + ending),
                ],
            ])
        }
        return [
            "info": [
                "name": "Cliprise Business API",
                "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
            ],
            "item": .list(items),
            "variable": .list(Self.variables.map { ["key": .text($0.name), "value": .text($0.value)] }),
        ]
    }

    private func header(_ name: String, _ value: String) -> JSONTree {
        ["key": .text(name), "value": .text(value)]
    }

    private func url(_ path: String, query: [(name: String, value: String)]) -> JSONTree {
        let ending = query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        var url: JSONTree = [
            "raw": .text("{{baseUrl}}\(path)" + (ending.isEmpty ? "" : "?\(ending)")), "host": ["{{baseUrl}}"],
            "path": .list(path.split(separator: "/").map { .text(String($0)) }),
        ]
        if !query.isEmpty {
            url["query"] = .list(query.map { ["key": .text($0.name), "value": .text($0.value)] })
        }
        return url
    }
}
