public import ClipriseEngine
public import ClipriseJournal
internal import ClipriseScenario
internal import ClipriseWire

/// Counts over all accounts, for Prometheus.
public struct Metrics: Sendable {
    private var tally = JournalTally()
    private var unmatched: [JournalTally.Answer: Int] = [:]
    private var processing = 0
    private var succeeded = 0
    private var failed = 0
    private var held: Int64 = 0
    private var captured: Int64 = 0
    private var available: Int64 = 0
    private var accounts = 0
    private var events = 0
    private var evicted = 0
    private let version: String
    private let models: [String]

    /// - Parameter models: The ids of the catalogue, by position.
    public init(version: String, models: [String]) {
        self.version = version
        self.models = models
    }

    public mutating func add(_ account: Account) {
        tally.add(account.world.journal.tally)
        processing += account.taskCount - account.succeededCount - account.failedCount
        succeeded += account.succeededCount
        failed += account.failedCount
        held += account.ledger.held
        captured += account.ledger.captured
        available += account.ledger.available
        accounts += 1
        events += account.world.journal.total
        evicted += account.world.journal.evicted
    }

    /// Adds requests that reached no account.
    public mutating func add(unmatched: [JournalTally.Answer: Int]) {
        self.unmatched.merge(unmatched, uniquingKeysWith: +)
    }

    /// The text format, version 0.0.4; the same counts give the same text.
    var text: [UInt8] {
        var page = MetricsPage()
        page.family("info", "gauge", "The version of the mock.", [("version=\"\(version)\"", 1)])
        page.family("requests_total", "counter", "Requests of clients, those that reached no account too.", answers)
        page.family(
            "refused_total", "counter", "What the listener refused itself, or cut, by reason.", refusals)
        page.family(
            "faults_total", "counter", "Faults that struck.",
            tally.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { ("fault=\"\($0.key)\"", Int64($0.value)) })
        page.family(
            "warnings_total", "counter", "Warnings of requests, by model and by who states the rule.",
            warnings)
        page.family(
            "callbacks_total", "counter", "Attempts to call a client.",
            [
                ("result=\"failed\"", Int64(tally.callbacksFailed)),
                ("result=\"taken\"", Int64(tally.callbacksTaken)),
            ])
        page.family(
            "tasks", "gauge", "Tasks by state.",
            [
                ("state=\"failed\"", Int64(failed)), ("state=\"processing\"", Int64(processing)),
                ("state=\"success\"", Int64(succeeded)),
            ])
        page.family(
            "credits", "gauge", "Credits by where they are.",
            [("in=\"available\"", available), ("in=\"captured\"", captured), ("in=\"held\"", held)])
        page.family("accounts", "gauge", "Accounts.", [("", Int64(accounts))])
        page.family("journal_events_total", "counter", "Events noted in journals.", [("", Int64(events))])
        page.family(
            "journal_evicted_total", "counter", "Events that journals no longer keep.", [("", Int64(evicted))])
        page.family("in_flight", "gauge", "Answers that are held or still on their way.", [("", Int64(tally.inFlight))])
        return page.bytes
    }

    private var refusals: [(labels: String, value: Int64)] {
        var counts: [String: Int] = [:]
        for (answer, count) in unmatched {
            if let refusal = answer.refusal { counts[refusal, default: 0] += count }
        }
        return counts.map { ("reason=\"\($0.key)\"", Int64($0.value)) }.sorted { $0.labels < $1.labels }
    }

    private var warnings: [(labels: String, value: Int64)] {
        tally.warnings.map { warned, count in
            let model = warned.model.flatMap { models.indices.contains($0) ? models[$0] : nil } ?? ""
            return ("model=\"\(model)\",from=\"\(warned.from)\"", Int64(count))
        }.sorted { $0.labels < $1.labels }
    }

    private var answers: [(labels: String, value: Int64)] {
        tally.answers.merging(unmatched, uniquingKeysWith: +).map { answer, count in
            let clause = answer.refusal.map { "listener: \($0)" } ?? answer.clause?.rawValue ?? "rule"
            return (
                "operation=\"\(answer.operation.rawValue)\",status=\"\(answer.status)\",clause=\"\(clause)\"",
                Int64(count)
            )
        }.sorted { $0.labels < $1.labels }
    }
}

/// Families of metrics as text.
private struct MetricsPage {
    var bytes: [UInt8] = []

    mutating func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: Int64)]) {
        let name = "cliprise_mock_\(name)"
        bytes.append(contentsOf: "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n".utf8)
        for sample in samples {
            let labels = sample.labels.isEmpty ? "" : "{\(sample.labels)}"
            bytes.append(contentsOf: "\(name)\(labels) \(sample.value)\n".utf8)
        }
    }
}
