import ClipriseJSON
import ClipriseJournal
import ClipriseReport
import ClipriseWire
import Foundation
import FoundationXML
import Testing

@testable import ClipriseScenario

@Suite struct FormatTests {
    /// A run with something of everything, and names that are a trap for each format.
    static let report: Report = {
        var client = Client()
        client.downloads = 2
        client.leaks = .target
        var bad = client.play()
        bad.account = #"<a>&"b"|c…"#
        bad.rules = ["never, 100 % | <sure>"]
        bad.ruleActs = [0]
        bad.money.available -= 3
        var good = Client().play()
        good.account = "good…"
        good.isClockVirtual = true
        let expectations = [
            Demand(
                .count(CountExpectation(.charges, .exactly(1_000), filter: Filter(model: Glob("*|<veo>&")))),
                place: Place(line: 7, column: 5)),
            Demand(.property(.downloadsOnce), place: Place(line: 8, column: 5)),
            Demand(.property(.noDoubleCharge), place: Place(line: 9, column: 5)),
            Demand(.within(from: Filter(status: 418), to: Filter(), .seconds(2)), place: Place(line: 10, column: 5)),
        ]
        return Grade.report(of: [bad, good], expectations: expectations, scenarioFile: "scenarios/a:b,c.yaml")
    }()

    @Test(arguments: [80, 100, 140])
    func `text keeps within its width and has no control characters`(width: Int) {
        for line in Self.report.text(width: width).split(separator: "\n", omittingEmptySubsequences: false) {
            // A title is one line, however long.
            #expect(line.count <= width || line.hasPrefix("  FAIL  ") || line.hasPrefix("  pass  "), "\(line)")
            #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
    }

    @Test func `colour adds nothing but colour`() {
        let colourful = Self.report.text(colour: true)
        #expect(colourful.contains("\u{1B}[1;31mFAIL\u{1B}[0m"))
        #expect(colourful.replacing(/\u{1B}\[[0-9;]*m/, with: "") == Self.report.text())
    }

    @Test func `text reports each verdict, the advice, the evidence and the rules of judging`() {
        let text = Self.report.text(explains: true)
        #expect(!Self.report.text().contains("Letter. A"))
        for property in ClientProperty.all { #expect(text.contains(property.word), "\(property.word)") }
        for part in [
            "FAILED: money does not add up\n",
            "\nGrade F: money does not add up, 3 failed, 3 passed, 1 not exercised\n",
            "→ Keep what was downloaded",
            "\n        <a>&\"b\"|c…\n          #", "Letter. A: no property failed", "Calls. A generate belongs",
            "Waits. A wait runs",
            "DOES NOT ADD UP", "rule never, 100 % | <sure>", "Before a retry, polling: ",
        ] { #expect(text.contains(part), "\(part)") }
    }

    @Test func `numbers stand flush right under their heads`() {
        let lines = Self.report.text().split(separator: "\n").map(String.init)
        guard let head = lines.firstIndex(where: { $0.hasPrefix("  kind") }) else {
            Issue.record("no table of calls")
            return
        }
        #expect(lines[head + 1].hasPrefix("  generate"))
        #expect(Set(lines[head...(head + 3)].map(\.count)).count == 1)
    }

    @Test func `JSON parses and says what the report says`() {
        let report = Self.report
        let read = withJSON(report.json) { value in
            #expect(value.member("failed")?.boolean == true)
            #expect(value.member("grade")?.string == "F")
            #expect(value.member("verdicts")?.elements.count == report.verdicts.count)
            #expect(value.member("accounts")?.elements.count == 2)
            var outcomes: [String] = []
            for verdict in value.member("verdicts")?.elements ?? value.elements {
                outcomes.append(verdict.member("outcome")?.string ?? "")
            }
            #expect(outcomes == report.verdicts.map(\.outcome.rawValue))
            #expect(value.member("breaches")?.elements.count == report.breaches.count)
            var retries: [String] = []
            for habit in value.member("retryBackoff")?.elements ?? value.elements {
                retries.append("\(habit.member("kind")?.string ?? "") \(habit.member("jitter")?.string ?? "-")")
            }
            #expect(retries == ["generate -", "polling full", "download -"])
        }
        #expect(throws: Never.self) { try read.get() }
    }

    /// Counts elements and keeps the attributes of suites.
    final class Reader: NSObject, XMLParserDelegate {
        var counts: [String: Int] = [:]
        var names: [String] = []
        var root: [String: String] = [:]

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            counts[name, default: 0] += 1
            if name == "testsuites" { root = attributes }
            if name == "testsuite" { names.append(attributes["name"] ?? "") }
        }
    }

    @Test func `JUnit is XML whose totals are those of its cases`() {
        let parser = XMLParser(data: Data(Self.report.junit.utf8))
        let reader = Reader()
        parser.delegate = reader
        #expect(parser.parse(), "\(String(describing: parser.parserError))")
        #expect(reader.names == [#"<a>&"b"|c…"#, "good…", "scenario"])
        // A case for each verdict, one for the money of each account, one for the rule that never acted.
        #expect(reader.counts["testcase"] == 2 * (Self.report.verdicts.count + 1) + 1)
        #expect(reader.root["tests"] == reader.counts["testcase"].map(String.init))
        #expect(reader.root["failures"] == reader.counts["failure"].map(String.init))
        #expect(reader.root["skipped"] == reader.counts["skipped"].map(String.init))
        #expect(reader.counts["failure"] == 5)
    }

    /// Twenty accounts of which each waits twice for the same second: only together do they show that there is no chance.
    private static var fleet: [JournalView] {
        (0..<20).map { number in
            var story = Story()
            let task = story.accepted(1)
            for _ in 0..<2 {
                story.poll(task, status: 503) { $0.shape = .none }
                story.wait(1)
            }
            story.finish(task)
            var view = story.view
            view.account = "acc…\(number)"
            return view
        }
    }

    @Test func `every format fails for what only all accounts together show, and for other trouble`() {
        var troubled = Grade.report(of: [])
        troubled.troubles = ["no request reached <this>"]
        for (report, name) in [
            (Grade.report(of: Self.fleet), "jitter_present"), (troubled, "no request reached &lt;this&gt;"),
        ] {
            #expect(report.failed && report.exitCode(strict: false) == 1)
            #expect(report.headline.hasPrefix("FAILED: "))
            #expect(report.markdown.hasPrefix("## Grade \(report.letter?.rawValue ?? "–"): failed\n"))
            #expect(report.gitHubAnnotations.hasPrefix("::error "))
            #expect(String(decoding: report.json, as: UTF8.self).contains("\"failed\":true"))
            let reader = Reader()
            let parser = XMLParser(data: Data(report.junit.utf8))
            parser.delegate = reader
            #expect(parser.parse())
            #expect(reader.names.last == "all accounts")
            #expect(reader.root["failures"] == "1" && reader.counts["failure"] == 1)
            #expect(reader.root["tests"] == reader.counts["testcase"].map(String.init))
            #expect(report.junit.contains(name))
        }
    }

    @Test func `XML has nothing that XML cannot hold`() {
        var view = Client().play()
        view.account = "\u{0}\u{1B}[31m\n\t]]>\u{FFFE}"
        let parser = XMLParser(data: Data(Grade.report(of: [view]).junit.utf8))
        #expect(parser.parse())
    }

    @Test func `every row of a Markdown table has the cells of its head`() {
        for line in Self.report.markdown.split(separator: "\n") where line.hasPrefix("|") {
            let cells = line.replacing("\\|", with: "").count { $0 == "|" }
            #expect(cells == 5 || cells == 6 || cells == 7, "\(line)")
            #expect(!line.contains("<veo>") && !line.contains("<a>"))
        }
        #expect(Self.report.markdown.contains("❌ **fail** | charges exactly 1,000 (model \\*\\|&lt;veo&gt;&amp;)"))
        #expect(Self.report.markdown.contains("❌ **fail** | key\\_not\\_leaked"))
    }

    @Test func `annotations point at the line that asked, and escape what the runner reads`() {
        let lines = Self.report.gitHubAnnotations.split(separator: "\n").map(String.init)
        #expect(lines.allSatisfy { $0.hasPrefix("::") })
        #expect(
            lines.first?.hasPrefix(
                "::error file=scenarios/a%3Ab%2Cc.yaml,line=7,col=5,title=charges exactly 1%2C000 (model *|<veo>&)::")
                == true)
        #expect(lines.contains { $0.hasPrefix("::error title=key_not_leaked::") })
        #expect(lines.contains { $0.hasPrefix("::notice file=scenarios/a%3Ab%2Cc.yaml,line=10,col=5,title=within ") })
        #expect(lines.last == "::notice title=rule never%2C 100 %25 | <sure>::never acted")
        #expect(lines.contains { $0.hasPrefix("::error title=money does not add up::<a>&\"b\"|c…: paid in ") })
    }
}
