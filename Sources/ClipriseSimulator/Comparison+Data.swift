internal import ClipriseWire

extension Comparison {
    /// The comparison as one JSON document with the series that charts are made of.
    package var json: [UInt8] {
        var line = JSONLine()
        line.text("scenario", scenario)
        line.text("scenario_hash", scenarioHash.hex)
        line.text("version", version)
        line.text("seed", "\(seed)")
        line.number("clients", Int64(clients))
        line.text("arrival", arrival)
        line.number("arrival_ns", arrivalLength)
        line.text("jobs", jobMix)
        line.flag("shared_account", sharesAccount)
        line.list(
            "outages",
            outages.map { outage in
                var object = JSONLine()
                object.text("rule", outage.name)
                object.number("from_ns", outage.from)
                object.number("to_ns", outage.to)
                return object.object
            })
        line.list("policies", results.map(Self.json))
        var bytes: [UInt8] = []
        line.end(&bytes)
        return bytes
    }

    private static func reason(_ reason: RunResult.Reason) -> String {
        var line = JSONLine()
        line.text("name", reason.name)
        line.text("seen", reason.seen)
        line.text("account", reason.account)
        line.list("evidence", reason.evidence.map { JSONLine.quoted(Array($0.utf8)) })
        return line.object
    }

    private static func json(_ result: RunResult) -> String {
        var line = JSONLine()
        line.text("policy", result.policy)
        for column in columns { line.raw(column.name, column.value(result) ?? "null") }
        line.text("grade", result.grade?.letter ?? "")
        line.list("grade_failed", (result.grade?.failed ?? []).map { JSONLine.quoted(Array($0.utf8)) })
        line.list("grade_reasons", (result.grade?.reasons ?? []).map(reason))
        line.list("breaches", result.money.breaches.map { JSONLine.quoted(Array($0.utf8)) })
        line.list(
            "errors",
            result.errors.map { error in
                var object = JSONLine()
                object.text("error", error.name)
                object.number("jobs", Int64(error.count))
                return object.object
            })
        line.list("arrivals_per_100ms", result.arrivals.map { "\($0)" })
        line.list("spent_per_second", result.spentOverTime.map { "\($0)" })
        line.list("held_per_second", result.heldOverTime.map { "\($0)" })
        return line.object
    }

    /// A figure as JSON and CSV have it; nil for one that there is not.
    private struct Column: Sendable {
        var name: String
        var value: @Sendable (RunResult) -> String?

        init(_ name: String, _ value: @escaping @Sendable (RunResult) -> (any CustomStringConvertible)?) {
            self.name = name
            self.value = { value($0)?.description }
        }
    }

    private static let countColumns: [Column] = [
        Column("clients") { $0.clients },
        Column("jobs") { $0.jobs }, Column("done") { $0.done }, Column("failed") { $0.failed },
        Column("given_up") { $0.givenUp }, Column("outcome_unknown") { $0.outcomeUnknown },
        Column("p50_ns") { $0.timeToResult.p50 }, Column("p95_ns") { $0.timeToResult.p95 },
        Column("p99_ns") { $0.timeToResult.p99 }, Column("max_ns") { $0.timeToResult.max },
    ]

    private static let loadColumns: [Column] = [
        Column("requests") { $0.requests }, Column("generates") { $0.generates }, Column("polls") { $0.polls },
        Column("downloads") { $0.downloads }, Column("useful") { $0.useful },
        Column("requests_per_job") { FigureText.fixed($0.requestsPerJob, digits: 4) },
        Column("requests_per_job_max") { $0.requestsPerJobMax },
        Column("polls_per_job") { FigureText.fixed($0.pollsPerJob, digits: 4) },
        Column("polls_per_job_p95") { $0.pollsPerJobP95 },
        Column("least_polls_per_job") { $0.pollBound.map { FigureText.fixed($0.leastPolls, digits: 4) } },
        Column("mean_lag_ns") { $0.pollBound.map { Int64($0.meanLag.rounded()) } },
        Column("amplification") { $0.amplification.map { FigureText.fixed($0, digits: 4) } },
        Column("peak_100ms") { $0.peak.count }, Column("peak_100ms_at_ns") { $0.peak.at },
        Column("retry_peak_100ms") { $0.retryPeak?.count }, Column("retry_peak_100ms_at_ns") { $0.retryPeak?.at },
        Column("retry_peak_20ms") { $0.retryPeak20?.count }, Column("retry_peak_20ms_at_ns") { $0.retryPeak20?.at },
        Column("turned_away") { $0.refusedByCapacity }, Column("longest_queue") { $0.longestQueue },
        Column("never_sent") { $0.neverSent }, Column("hedges") { $0.hedges },
        Column("recovery_ns") { $0.recovery }, Column("lost_in_outage") { $0.lostInOutage },
    ]

    private static let moneyColumns: [Column] = [
        Column("spent") { $0.money.spent }, Column("held_at_end") { $0.money.heldAtEnd },
        Column("wasted") { $0.money.wasted },
        Column("charged_twice") { $0.money.doubleCharged }, Column("never_fetched") { $0.money.neverFetched },
        Column("accounts_audited") { $0.money.accountsAudited }, Column("length_ns") { $0.length },
        Column("events") { $0.events },
    ]

    private static var columns: [Column] { countColumns + loadColumns + moneyColumns }

    /// A line of names, then a line for each policy (RFC 4180).
    package var csv: String {
        var text = (["policy"] + Self.columns.map(\.name) + ["grade"]).joined(separator: ",") + "\r\n"
        for result in results {
            let cells =
                [Self.quotedCSV(result.policy)] + Self.columns.map { $0.value(result) ?? "" } + [
                    result.grade?.letter ?? ""
                ]
            text += cells.joined(separator: ",") + "\r\n"
        }
        return text
    }

    /// A field in quotes; a quote within is doubled (RFC 4180 section 2).
    static func quotedCSV(_ text: String) -> String {
        let quote = UInt8(ascii: "\"")
        let doubled = text.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"\(String(decoding: doubled, as: UTF8.self))\""
    }
}
