package import ClipriseCatalog
internal import ClipriseWire

/// A request for each price of each model, and the two for its job, for programs that send requests by hand.
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
        var text =
            "# Requests to the Cliprise Business API: one for each price of each model, then status and download.\n"
        for variable in Self.variables { text += "@\(variable.name) = \(variable.value)\n" }
        for (model, index) in rows {
            let row = model.price.rows[index]
            text += """

                ### \(title(model, index)), \(DecimalText.count(row.credits, "credit")) [\(row.from.rawValue)]
                POST {{baseUrl}}\(Contract.generatePath) HTTP/1.1
                Host: {{host}}
                Authorization: Bearer {{apiKey}}
                Content-Type: application/json

                \(ExampleBody.of(model, row: index).pretty)
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
                "name": .text("generate \(model.id)"), "description": .text(model.name.value),
                "item": .list(model.price.rows.indices.map { generate(model, row: $0) }),
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

    private func generate(_ model: Model, row: Int) -> JSONTree {
        let price = model.price.rows[row]
        return [
            "name": .text(title(model, row)),
            "request": [
                "method": "POST",
                "description": .text("\(DecimalText.count(price.credits, "credit")) (\(price.from.rawValue))"),
                "header": [
                    header("Host", "{{host}}"), header("Authorization", "Bearer {{apiKey}}"),
                    header("Content-Type", "application/json"),
                ],
                "url": url("\(Contract.generatePath)", query: []),
                "body": [
                    "mode": "raw", "raw": .text(ExampleBody.of(model, row: row).pretty),
                    "options": ["raw": ["language": "json"]],
                ],
            ],
        ]
    }

    private var rows: [(model: Model, row: Int)] {
        catalog.models.flatMap { model in model.price.rows.indices.map { (model, $0) } }
    }

    /// The model and the unit of a row; rows without a label are told apart by their number.
    private func title(_ model: Model, _ row: Int) -> String {
        let units = model.price.rows.map(\.unit)
        let isOnly = units.count { $0 == units[row] } == 1
        return "\(model.id): \(units[row])" + (isOnly ? "" : ", row \(row + 1)")
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
