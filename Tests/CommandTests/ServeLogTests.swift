import Foundation
import ProgramRunner
import RawSocket
import Testing

@Suite(.ownThreads) struct ServeLogTests {
    private let key = "sk-live-0123456789abcdef"

    /// What the log says of generates and polls, accepted and refused, under one key.
    private func log(_ arguments: [String]) throws -> String {
        let server = try MockServer(
            ["--account", "\(key)=100", "--time-scale", "0", "--log-level", "debug"] + arguments)
        let task = try server.generate(lighthouse, key: key).taskID
        #expect(try server.status(task, key: key).status == 200)
        #expect(try server.status(task, key: key, download: true).status == 200)
        #expect(try server.status(task, key: key, host: "127.0.0.1").status == 400)
        #expect(try server.status("nonsense", key: key).status == 400)
        #expect(try server.generate("{", key: key).status == 200)
        #expect(try server.generate(#"{"model":"\#(key)"}"#, key: key + "x").status == 400)
        #expect(try server.account(key)["credits"] as? Int == 88)
        #expect(
            try exchange("GET /nowhere?apiKey=\(key) HTTP/1.1", port: server.port, host: documentedHost).status == 404)
        let banner = arguments.contains("json") ? "" : try server.banner()
        #expect(try server.stop() == 0)
        return String(server.child.errorText.dropFirst(banner.isEmpty ? 0 : bannerLength(server.child.errorText)))
    }

    private func bannerLength(_ text: String) -> Int {
        text.range(of: "ends it.\n").map { text.distance(from: text.startIndex, to: $0.upperBound) } ?? 0
    }

    @Test func `a text line has method, path, status, clause, model, credits and task, and no whole key`() throws {
        let log = try log([])
        #expect(!log.contains(key), "\(log)")
        let lines = log.split(separator: "\n")
        let pattern =
            /[0-9:.]+  POST \/app\/cliprise\/generate 200 GEN-11 qwen-image-2 12 credits task=[0-9a-f]{32} key=sk-l…[0-9a-f]{4}/
        #expect(lines.contains { $0.wholeMatch(of: pattern) != nil }, "\(log)")
        #expect(lines.contains { $0.contains("HOST-2") && $0.contains("--accept-host") && $0.contains("--host-gate") })
        for clause in ["STA-2", "STA-4", "STA-5", "GEN-1", "GEN-2", "HTTP-1"] {
            #expect(lines.contains { $0.contains(" \(clause)") }, "no line of \(clause)")
        }
    }

    /// Kathmandu is five and three quarters of an hour ahead, and a zone of no name is none.
    @Test(arguments: ["Asia/Kathmandu", "XYZ-05:45", "Bad/Zone"])
    func `the time of a line is UTC wherever the machine is`(zone: String) throws {
        let server = try MockServer(["--log", "json"], environment: ["TZ": zone, "LC_ALL": "de_DE"])
        #expect(try exchange("GET /nowhere HTTP/1.1", port: server.port, host: documentedHost).status == 404)
        #expect(try server.stop() == 0)
        let line = try #require(server.child.errorText.split(separator: "\n").first { $0.hasPrefix("{") })
        let time = try #require(line.firstMatch(of: /"time":"([^"]*)"/)).1
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        let moment = try #require(formatter.date(from: String(time)), "\(time)")
        #expect(time.hasSuffix("Z") && abs(moment.timeIntervalSinceNow) < 900, "\(time)")
    }

    @Test func `each line of a JSON log is an object, and none has a whole key`() throws {
        let log = try log(["--log", "json"])
        #expect(!log.contains(key), "\(log)")
        let lines = log.split(separator: "\n")
        #expect(lines.count == 9)
        for line in lines {
            let fields = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            for name in ["time", "level", "method", "path", "status", "operation"] { #expect(fields[name] != nil) }
        }
    }

    @Test func `at level warning only refusals are told, at level error none`() throws {
        for (level, count) in [("warning", 1), ("error", 0)] {
            let server = try MockServer(["--log-level", level])
            #expect(try server.generate(lighthouse).status == 200)
            #expect(try server.status("nonsense").status == 400)
            #expect(try server.stop() == 0)
            #expect(server.child.errorText.split(separator: "\n").count == count, "\(server.child.errorText)")
        }
    }
}
