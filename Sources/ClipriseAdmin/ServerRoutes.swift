internal import ClipriseWire

extension AdminRoutes {
    /// What is asked of the server as a whole.
    static let server: [ReadRoute<AdminCommand>] = [
        ReadRoute(.get, "", "The page", type: "text/html") { _ in .page(.html) },
        ReadRoute(.get, "app.js", "The page's script", type: "text/javascript") { _ in .page(.script) },
        ReadRoute(.get, "app.css", "The page's style", type: "text/css") { _ in .page(.style) },
        ReadRoute(.get, "health", "Whether the server works, for how long, and with how many accounts") { _ in .health
        },
        ReadRoute(.get, "ready", "Whether requests are taken") { _ in .ready },
        ReadRoute(.get, "version", "The version, and a hash of the catalogue") { _ in .version },
        ReadRoute(
            .get, "metrics", "Counts in Prometheus' text format", type: "text/plain; version=0.0.4", pace: .long
        ) { _ in .metrics },
        ReadRoute(.get, "openapi.json", "This description") { _ in .openAPI },
        ReadRoute(.get, "catalog", "The models") { _ in .catalog },
        ReadRoute(.get, "models/{id}", "A model's file of the catalogue") { (request) throws(AdminProblem) in
            .model(id: String(decoding: request.values[0], as: UTF8.self))
        },
        ReadRoute(.get, "scenarios", "The built-in scenarios") { _ in .scenarios },
    ]
}
