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
            // The model typically takes 17 s: half a second here, so that a client sees 300 before 200.
            let run = try Program.mock.run(
                ["exec", "--time-scale", "0.03"] + visit.way.options
                    + (visit.way == .plain ? [] : ["--tls-dir", folder])
                    + ["--"] + visit.way.prefix + visit.client.command + [file])
            // These clients poll faster than the grade likes, so the code of exec says nothing here.
            #expect(!run.errors.contains("tried other hosts"), "\(run.errors)")
            let line = run.output.split(separator: "\n").last ?? ""
            let said = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            try #require(said != nil, "\(run.output)\(run.errors)")
            #expect(said?["polls"] as? Int ?? 0 > 0, "no poll was answered with 300")
            #expect(said?["type"] as? String == "image/jpeg")
            #expect(try Data(contentsOf: URL(fileURLWithPath: file)).starts(with: [0xFF, 0xD8, 0xFF]))
        }
    }
}
