import Foundation
import ProgramRunner
import Testing

/// Other people's clients on all ways, unchanged: generate, 300, download.
@Suite struct ClientTests {
    @Test(arguments: Client.visits)
    func `a client gets its picture`(visit: Visit) throws {
        guard visit.client.isThere() else { return }
        try withFolder { folder in
            let file = folder + "/picture"
            // A life in polls, so that a client sees 300 before 200, however busy the machine is.
            let scenario = folder + "/scenario.yaml"
            let text = "schema: cliprise-mock/v1\nname: reach\ntasks:\n  - {life: {polls: 3}}\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: scenario))
            let run = try Program.mock.run(
                ["exec", "--scenario", scenario] + visit.way.options
                    + (visit.way == .plain ? [] : ["--tls-dir", folder])
                    + ["--"] + visit.way.prefix + visit.client.command + [file])
            // These clients poll faster than the grade likes, so the code of exec says nothing here.
            #expect(!run.errors.contains("tried other hosts"), "\(run.errors)")
            let line = run.output.split(separator: "\n").last ?? ""
            let said = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            try #require(said != nil, "\(run.output)\(run.errors)")
            #expect(said?["polls"] as? Int == 2)
            #expect(said?["type"] as? String == "image/jpeg")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)).starts(with: [0xFF, 0xD8, 0xFF]))
        }
    }

    @Test(
        .enabled(if: Program.python.works("-c", "import requests"), "python3 package requests is not installed"),
        arguments: [Way.tls, .fixedSecureURL])
    func `sleeps pass at once with TLS too`(way: Way) throws {
        let script = """
            import os, requests, time
            base, key = os.environ["CLIPRISE_BASE_URL"] + "/app/cliprise", os.environ["CLIPRISE_API_KEY"]
            start = time.time()
            task = requests.post(f"{base}/generate", headers={"Authorization": f"Bearer {key}"}, json={
                "model": "qwen-image-2", "callBackUrl": "https://your-service.example.com/webhooks/cliprise",
                "input": {"prompt": "A lighthouse", "image_size": "16:9", "output_format": "jpeg",
                          "seed": 424242}}).json()[0]["taskId"]
            while requests.get(f"{base}/status", params={"apiKey": key, "taskId": task}).status_code == 300:
                time.sleep(60)
            print(time.time() - start >= 600)
            """
        try withFolder { folder in
            // Typically 17 s: here 850, and a child that takes half a minute is ended.
            let run = try Program.mock.run(
                ["exec", "--virtual-time", "--time-scale", "50", "--tls-dir", folder] + way.options + ["--"]
                    + way.prefix
                    + ["python3", "-c", script])
            #expect(run.output == "True\n", "\(run.output)\(run.errors)")
        }
    }
}
