import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Starts a job, and once more when its answer is lost; runs on the main actor, as some tests do.
@main struct Pictures {
    static func generate(_ mock: ClipriseAccount) async throws -> Data {
        guard let url = URL(string: mock.baseURL + "/app/cliprise/generate") else { throw URLError(.badURL) }
        var request = URLRequest(url: url)
        request.httpMethod = "POST"
        request.setValue("Bearer \(mock.key)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        let callback = "https://hooks.example.com/done"
        request.httpBody = try JSONSerialization.data(withJSONObject: [
            "model": "z-image", "callBackUrl": callback, "input": ["prompt": "A pier", "aspect_ratio": "1:1"],
        ])
        return try await URLSession.shared.data(for: request).0
    }

    static func main() async {
        do {
            try await withClipriseAccount("a frozen clock " + String(repeating: "ü", count: 120)) { mock in
                try await mock.freeze()
                try await mock.advance("90s")
            }
            guard ProcessInfo.processInfo.environment["WITH_BAD"] != nil else { return }
            try await withClipriseAccount("bad", scenario: "lost-reply") { mock in
                do { _ = try await generate(mock) } catch { _ = try await generate(mock) }
            }
        } catch {
            print(error)
            exit(1)
        }
    }
}
