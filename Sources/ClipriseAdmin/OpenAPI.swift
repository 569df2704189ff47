internal import ClipriseForm
internal import ClipriseWire

/// The OpenAPI 3.1 document of the admin API, made from the table of routes.
enum OpenAPI {
    static func document(version: String) -> [UInt8] {
        JSONWriter.line(capacity: 32_768) { writer in
            writer.member("openapi", "3.1.0")
            writer.member("info") {
                $0.member("title", "cliprise-mock admin API")
                $0.member("version", version)
                $0.member(
                    "description",
                    "For this machine; beyond the loopback with a token. Times are seconds on the account's clock.")
            }
            writer.key("servers")
            writer.array { writer in writer.object { $0.member("url", "/__admin") } }
            writer.key("security")
            writer.array { writer in
                writer.object { _ in }
                writer.object { $0.member("token", texts: [String]()) }
            }
            writer.member("paths", object: writePaths)
            writer.member("components", object: writeComponents)
        }
    }

    private static func writePaths(to writer: inout JSONWriter) {
        var paths: [String] = []
        for route in AdminRoutes.all where !paths.contains(route.path) { paths.append(route.path) }
        for path in paths {
            writer.key(text: path)
            writer.object { writer in
                for route in AdminRoutes.all where route.path == path {
                    writer.key(text: route.method.description.lowercased())
                    writer.object { write(route, to: &$0) }
                }
            }
        }
    }

    private static func write(_ route: AdminRoute, to writer: inout JSONWriter) {
        writer.member("summary", route.summary)
        let names = route.pieces.compactMap { if case .name(let name) = $0 { name } else { nil } }
        if !names.isEmpty || !route.parameters.isEmpty {
            writer.key("parameters")
            writer.array { writer in
                for name in names {
                    writer.object {
                        $0.member("name", name)
                        $0.member("in", "path")
                        $0.member("required", true)
                        $0.member("schema") { $0.member("type", "string") }
                    }
                }
                for parameter in route.parameters {
                    writer.object {
                        $0.member("name", parameter.name.description)
                        $0.member("in", "query")
                        if parameter.isRequired { $0.member("required", true) }
                        $0.member("description", parameter.about)
                        $0.member("schema") { write(parameter.kind, to: &$0) }
                    }
                }
            }
        }
        if let body = route.body { write(body, to: &writer) }
        writer.member("responses") { writer in
            writer.key(text: "\(route.status)")
            writer.object {
                $0.member("description", route.summary)
                $0.member("content") {
                    $0.key(text: route.type)
                    $0.object { if route.hasEvents { writeEvents(to: &$0) } }
                }
            }
            writer.member("default") { $0.member("$ref", "#/components/responses/Problem") }
        }
    }

    private static func writeEvents(to writer: inout JSONWriter) {
        writer.member("schema") { writer in
            writer.member("type", "object")
            writer.member("required", texts: ["events"])
            writer.member("properties") { writer in
                for count: StaticString in ["total", "evicted"] {
                    writer.member(count) { $0.member("type", "integer") }
                }
                writer.member("events") { writer in
                    writer.member("type", "array")
                    writer.member("items") { $0.member("$ref", "#/components/schemas/Event") }
                }
            }
        }
    }

    private static func write(_ body: AdminRoute.Body, to writer: inout JSONWriter) {
        writer.member("requestBody") { writer in
            let isOptional = if case .members(_, true) = body { true } else { false }
            writer.member("required", !isOptional)
            writer.member("content") {
                $0.member("application/json") { writer in
                    writer.key("schema")
                    switch body {
                    case .members(let members, _): write(members, to: &writer)
                    case .record(let record): record.writeSchema(to: &writer)
                    }
                }
            }
        }
    }

    private static func write(_ members: [AdminMember], to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("type", "object")
            writer.member("additionalProperties", false)
            writer.member("properties") { writer in
                for member in members {
                    writer.member(member.name) {
                        $0.member("description", member.about)
                        write(member.kind, to: &$0)
                    }
                }
            }
            let required = members.filter(\.isRequired)
            if !required.isEmpty { writer.member("required", array: required) { $0.string($1.name.description) } }
        }
    }

    private static func write(_ kind: AdminMember.Kind, to writer: inout JSONWriter) {
        switch kind {
        case .text: writer.member("type", "string")
        case .integer: writer.member("type", "integer")
        case .whole(let range):
            writer.member("type", "integer")
            writer.member("minimum", range.lowerBound)
            writer.member("maximum", range.upperBound)
        case .flag: writer.member("type", "boolean")
        case .object: writer.member("type", "object")
        case .list: writer.member("type", "array")
        case .wordOrObject: writer.member("type", texts: ["string", "object"])
        case .span:
            writer.member("type", "string")
            writer.member("pattern", TimeSpan.textPattern)
        case .words(let words):
            writer.member("type", "string")
            writer.member("enum", texts: words)
        }
    }

    private static func writeComponents(to writer: inout JSONWriter) {
        writer.member("securitySchemes") { writer in
            writer.member("token") {
                $0.member("type", "http")
                $0.member("scheme", "bearer")
            }
        }
        writer.member("schemas") { writer in
            writer.key("Event")
            EventRecord.writeSchema(to: &writer)
        }
        writer.member("responses", json: problem)
    }

    private static let problem = #"""
        {"Problem":{"description":"Why it was not done, and what to do (RFC 9457).","content":\#
        {"application/problem+json":{"schema":{"type":"object","required":["title","status","detail"],"properties":\#
        {"type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},"detail":{"type":"string"}}}}}}}
        """#
}
