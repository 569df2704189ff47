import ClipriseEngine
import ClipriseWire
import Foundation
import Testing

@testable import ClipriseAdmin

/// Numbers of a snapshot are ranges where they are read.
@Suite struct SnapshotRangeTests {
    static let sound = """
        {"version":1,"models":["m"],"accounts":[{"key":"k","seed":"7","scenario":{"name":"storm","hash":"65"},\
        "clock":{"virtual":true,"now":5,"tickPerPoll":5000000000,"delays":"pass"},"charge":"on_success",\
        "revoked":false,"events":11,"ledger":[{"kind":"opening","credits":10000,"at":0},\
        {"kind":"hold","task":0,"credits":12,"at":0}],"tasks":[{"model":0,"row":0,"credits":12,"acceptedAt":0,\
        "dueAt":26502803922,"state":"processing","polls":0,"downloads":0,"form":"jpeg","width":1365,"height":768,\
        "seconds":0,"count":1,"sound":false,"prompt":"hi","callBackUrl":"https://x.example.com/cb","lifePolls":3,\
        "flapPolls":0}],"rules":[],"ruleStates":[{"name":"r","matched":1,"acted":1,"startedAt":0,"window":3,"used":1,\
        "passed":[0,4]}],"taskRuleUses":[2],"bodyCounts":[{"hash":"5","count":1}],\
        "callbacks":[{"task":0,"attempt":1,"due":6,"hasFault":false}],"reordered":[0]}]}
        """

    @Test func `the sound one is read`() throws {
        #expect(try SnapshotDocument(json: Array(Self.sound.utf8)).accounts.count == 1)
    }

    /// A number of the sound snapshot, by what stands around it.
    static let places: [(before: String, number: String)] = [
        (#""startedAt":"#, "0"), (#""now":"#, "5"), (#""tickPerPoll":"#, "5000000000"), (#""acceptedAt":"#, "0"),
        (#""dueAt":"#, "26502803922"), (#""kind":"opening","credits":"#, "10000"), (#""task":0,"credits":"#, "12"),
        (#""row":0,"credits":"#, "12"), (#""credits":10000,"at":"#, "0"), (#""polls":"#, "0"), (#""downloads":"#, "0"),
        (#""width":"#, "1365"), (#""height":"#, "768"), (#""seconds":"#, "0"),
        (#""jpeg","width":1365,"height":768,"seconds":0,"count":"#, "1"),
        (#""lifePolls":"#, "3"), (#""flapPolls":"#, "0"), (#""matched":"#, "1"), (#""acted":"#, "1"),
        (#""window":"#, "3"), (#""used":"#, "1"), (#""passed":["#, "0"), (#""taskRuleUses":["#, "2"),
        (#""hash":"5","count":"#, "1"), (#""attempt":"#, "1"), (#""due":"#, "6"), (#""reordered":["#, "0"),
        (#""events":"#, "11"), (#""callbacks":[{"task":"#, "0"),
    ]

    static let extremes = [
        "-9223372036854775808", "-9223372036854775809", "-1", "1e300", "-0.5", "1.5", "18446744073709551616", "1e400",
    ]

    @Test(arguments: places)
    func `a number that none can be is refused with its place`(before: String, number: String) throws {
        try #require(Self.sound.contains(before + number))
        // Signs of movements are judged when they are replayed.
        let isMovement = before.contains("opening") || before.hasPrefix(#""task":0,"credits""#)
        for extreme in Self.extremes where extreme != "-1" || !isMovement {
            let text = Self.replacing(before + number, with: before + extreme)
            #expect(throws: AdminProblem.self, "\(before) \(extreme)") {
                try SnapshotDocument(json: Array(text.utf8))
            }
        }
    }

    @Test(arguments: ["", "\u{0}", "a b", "é", "a\r\nX-Evil: 1", "\u{1B}[31m", String(repeating: "k", count: 257)])
    func `a key that no account is made with is refused`(key: String) throws {
        var writer = JSONWriter()
        writer.string(key)
        let text = Self.replacing(#""key":"k""#, with: #""key":"# + String(decoding: writer.bytes, as: UTF8.self))
        let problem = #expect(throws: AdminProblem.self) { try SnapshotDocument(json: Array(text.utf8)) }
        #expect(problem?.detail.hasPrefix("accounts[0].key: expected 1 to 256 printable ASCII characters") == true)
    }

    private static func replacing(_ part: String, with other: String) -> String {
        guard let place = sound.range(of: part) else { return sound }
        return sound.replacingCharacters(in: place, with: other)
    }
}
