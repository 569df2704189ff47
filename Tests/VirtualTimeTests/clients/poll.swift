// Polls every PAUSE seconds until the task has ended; prints the number of polls.
import Foundation
import FoundationNetworking

@main struct Poll {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        guard let base = environment["CLIPRISE_BASE_URL"], let key = environment["CLIPRISE_API_KEY"],
            let pause = environment["PAUSE"].flatMap(Double.init),
            let made = URL(string: base + "/app/cliprise/generate")
        else { return }
        var request = URLRequest(url: made)
        request.httpMethod = "POST"
        request.setValue("Bearer \(key)", forHTTPHeaderField: "Authorization")
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        request.httpBody = Data((environment["BODY"] ?? "").utf8)
        let (body, _) = try await URLSession.shared.data(for: request)
        let task = (try JSONSerialization.jsonObject(with: body) as? [[String: Any]])?.first?["taskId"] as? String ?? ""
        var polls = 0
        guard let status = URL(string: base + "/app/cliprise/status?apiKey=\(key)&taskId=\(task)") else { return }
        while (try await URLSession.shared.data(from: status).1 as? HTTPURLResponse)?.statusCode == 300 {
            polls += 1
            try await Task.sleep(for: .seconds(pause))
        }
        print(polls)
    }
}
