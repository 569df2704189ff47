internal import ClipriseWire

extension AdminRoutes {
    /// What is asked of the server as a whole.
    static let server: [AdminRoute] = [
        AdminRoute(.get, "", "The page", type: "text/html") { _ in .page(.html) },
        AdminRoute(.get, "app.js", "The page's script", type: "text/javascript") { _ in .page(.script) },
        AdminRoute(.get, "app.css", "The page's style", type: "text/css") { _ in .page(.style) },
        AdminRoute(.get, "health", "Whether the server works, for how long, and with how many accounts") { _ in .health
        },
        AdminRoute(.get, "ready", "Whether requests are taken") { _ in .ready },
        AdminRoute(.get, "version", "The version, and a hash of the catalogue") { _ in .version },
        AdminRoute(
            .get, "metrics", "Counts in Prometheus' text format", type: "text/plain; version=0.0.4"
        ) { _ in .metrics },
        AdminRoute(.get, "openapi.json", "This description") { _ in .openAPI },
        AdminRoute(.get, "catalog", "The models") { _ in .catalog },
        AdminRoute(.get, "models/{id}", "A model's file of the catalogue") { (request) throws(AdminProblem) in
            .model(id: String(decoding: request.values[0], as: UTF8.self))
        },
        AdminRoute(.get, "scenarios", "The built-in scenarios") { _ in .scenarios },
    ]
}
