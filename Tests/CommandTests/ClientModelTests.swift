import Foundation
import ProgramRunner
import Testing

/// The models of well-known libraries, each against the library itself: both poll a service that fails, and the pauses
/// between their requests must be the same.
@Suite struct ClientModelTests {
    struct Library: Sendable, CustomTestStringConvertible {
        var policy: String
        /// Defines `fetch(url)`, which raises when the library gives up.
        var script: String
        /// What the pauses are by the library's documentation, in seconds.
        var waits: [Double]
        var testDescription: String { policy }
    }

    static let libraries = [
        Library(
            policy: "urllib3-retry",
            script: """
                import requests
                from requests.adapters import HTTPAdapter
                from urllib3.util import Retry
                session = requests.Session()
                session.mount("http://", HTTPAdapter(max_retries=Retry(
                    total=5, backoff_factor=1, status_forcelist=[429, 500, 502, 503, 504])))
                def fetch(url): return session.get(url)
                """, waits: [0, 2, 4, 8, 16]),
        Library(
            policy: "tenacity-exponential",
            script: """
                import requests
                from tenacity import retry, stop_after_attempt, wait_exponential
                @retry(wait=wait_exponential(multiplier=1, min=4, max=10), stop=stop_after_attempt(6))
                def fetch(url):
                    answer = requests.get(url)
                    answer.raise_for_status()
                    return answer
                """, waits: [4, 4, 4, 8, 10]),
    ]

    static let main = """

        import os
        base, key = os.environ["CLIPRISE_BASE_URL"], os.environ["CLIPRISE_API_KEY"]
        answer = requests.post(base + "/app/cliprise/generate", headers={"Authorization": "Bearer " + key},
            json={"model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/hook", "input": {
                "prompt": "A lighthouse", "image_size": "1:1", "output_format": "png", "seed": 12345}}).json()
        task = (answer[0] if isinstance(answer, list) else answer)["taskId"]
        try: fetch(base + "/app/cliprise/status?apiKey=" + key + "&taskId=" + task)
        except Exception as error: print(type(error).__name__)
        """

    static let scenario = """
        schema: cliprise-mock/v1
        tasks: [{life: {after: 1s}}]
        rules: [{when: {operation: status}, fault: {status: 503}}]
        """

    @Test(arguments: libraries)
    func `a model waits as its library does`(library: Library) throws {
        try withFolder { folder in
            let scenario = "\(folder)/down.yaml"
            try Self.scenario.write(toFile: scenario, atomically: true, encoding: .utf8)
            let bundle = "\(folder)/run.jsonl"
            let simulated = try Program.mock.run(
                ["simulate", scenario, "--clients", "1", "--policy", library.policy, "--record", bundle])
            try #require(simulated.status == 0, "\(simulated.errors)")
            let modelled = pauses(try String(contentsOfFile: bundle, encoding: .utf8), at: "at") { line in
                (line["target"] as? String)?.contains("/status") ?? false
            }
            #expect(modelled == library.waits)

            let imports = library.script.contains("tenacity") ? "import requests, tenacity" : "import requests"
            guard try Program.python.run(["-c", imports]).status == 0 else { return }
            let journal = "\(folder)/journal.jsonl"
            let script = "\(folder)/client.py"
            try (library.script + Self.main).write(toFile: script, atomically: true, encoding: .utf8)
            let real = try Program.mock.run(
                [
                    "exec", "--quiet", "--virtual-time", "--scenario", scenario, "--report", "journal=\(journal)", "--",
                    "python3", script,
                ])
            #expect(real.output.hasSuffix("Error\n"), "\(real.output)\(real.errors)")
            let waited = pauses(
                try String(contentsOfFile: journal, encoding: .utf8), at: "atNanoseconds"
            ) { $0["operation"] as? String == "status" }
            try #require(waited.count == modelled.count, "\(waited)")
            for (one, other) in zip(waited, modelled) { #expect(abs(one - other) < 0.25, "\(waited)") }
        }
    }
}
