import ClipriseJSON
import ClipriseJournal
import ClipriseReport
import ClipriseWire
import Testing

/// Warnings of bodies that were let in, as reports have them.
@Suite struct DoubtTests {
    static let typo = BodyWarning(
        key: "input.promt", problem: #"is not in the catalogue; did you mean "prompt"?"#, from: "assumed")
    static let long = BodyWarning(key: "input.duration", problem: "must be at most 8", from: "upstream")

    /// Five generates, three of them with warnings: three of one kind, one of another; each is fetched.
    static var story: Story {
        var story = Story()
        for warnings in [[typo], [], [typo, long], [typo], []] {
            let task = story.accepted(story.newBody()) { $0.warnings = warnings }
            story.settle(task)
            story.poll(task) {
                $0.status = 200
                $0.clause = .sta4
            }
            story.download(task)
        }
        return story
    }

    static let listed = [
        #"3 × input.promt is not in the catalogue; did you mean "prompt"? (assumed), model veo-3-fast, first in test…c7c7 #2"#,
        "1 × input.duration must be at most 8 (upstream), model veo-3-fast, first in test…c7c7 #10",
    ]
    static let head = "4 warnings on 3 of 15 requests: something in them is not as documented"

    @Test func `warnings are grouped by what they say, the most frequent first, with the first event`() {
        let report = Grade.report(of: [Self.story.view])
        #expect(report.doubts.map(\.description) == Self.listed)
        #expect(report.counts.warned == 3)
        #expect(report.warningLine == Self.head)
    }

    @Test func `accounts are counted together, and another model by itself`() {
        var other = Self.story.view
        other.account = "other…1234"
        var third = Story()
        third.accepted(1, model: 1) { $0.warnings = [Self.typo] }
        var view = third.view
        view.account = "third…1234"
        let report = Grade.report(of: [Self.story.view, other, view])
        #expect(report.doubts.map(\.count) == [6, 2, 1])
        #expect(report.doubts.map(\.account) == ["test…c7c7", "test…c7c7", "third…1234"])
        #expect(report.doubts.map(\.model) == ["veo-3-fast", "veo-3-fast", "flux-2"])
        #expect(report.accounts.map { $0.doubts.map(\.count) } == [[3, 1], [3, 1], [1]])
    }

    @Test func `warnings neither fail a run nor change its letter`() {
        let report = Grade.report(of: [Self.story.view])
        #expect(!report.failed)
        #expect(report.letter == .a)
        #expect(report.exitCode(strict: true) == 0)
    }

    @Test func `every format reports them, and says how many at its head`() {
        let report = Grade.report(of: [Self.story.view])
        let text = report.text(width: 200)
        #expect(text.split(separator: "\n").prefix(3).last.map(String.init) == Self.head)
        #expect(text.contains("Warnings\n" + Self.listed.map { "  \($0)\n" }.joined()))
        #expect(report.markdown.contains("⚠️ \(Self.head).\n"))
        #expect(
            report.markdown.contains(
                "| 1 | input.duration | must be at most 8 | upstream | veo-3-fast | test…c7c7 &#35;10 |\n"))
        #expect(report.junit.contains(#"<property name="warned" value="3"/>"#))
        #expect(report.junit.contains("<system-out>warned:&#10;3 × input.promt is not in the catalogue"))
        #expect(report.gitHubAnnotations.contains("::warning title=veo-3-fast%3A input.duration::1 × input.duration"))
        #expect(report.gitHubAnnotations.contains("::notice title=cliprise-mock::\(Self.head)\n"))
        let read = withJSON(report.json) { value in
            #expect(value.member("warned")?.integer == 4)
            #expect(value.member("warningLine")?.string == Self.head)
            #expect(value.member("counts")?.member("warned")?.integer == 3)
            var firsts: [Int64?] = []
            for group in value.member("warnings")?.elements ?? value.elements {
                firsts.append(group.member("first")?.member("sequence")?.integer)
            }
            #expect(firsts == [2, 10])
        }
        #expect(throws: Never.self) { try read.get() }
    }

    @Test func `without a warning no format speaks of them`() {
        var story = Story()
        story.accepted(1)
        let report = Grade.report(of: [story.view])
        #expect(report.warningLine == nil)
        #expect(!report.text().contains("arning"))
        #expect(!report.markdown.contains("arning"))
        #expect(!report.junit.contains("warned"))
        #expect(!report.gitHubAnnotations.contains("documented"))
    }

    @Test func `at most ten kinds are listed, and the rest counted`() {
        var story = Story()
        for body in UInt64(1)...12 {
            story.accepted(body) {
                $0.warnings = [BodyWarning(key: "input.k\(body)", problem: "is odd", from: "assumed")]
            }
        }
        let report = Grade.report(of: [story.view])
        #expect(report.text(width: 200).contains("and 2 more kinds of warnings\n"))
        #expect(!report.text(width: 200).contains("input.k11"))
        #expect(report.markdown.contains("\nand 2 more kinds of warnings\n"))
    }
}
