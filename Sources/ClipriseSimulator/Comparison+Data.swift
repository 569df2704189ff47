internal import ClipriseWire

extension Comparison {
    /// The comparison as one JSON document with the series that charts are made of.
    package var json: [UInt8] {
        JSONWriter.line { writer in
            writer.member("scenario", fleet.scenario)
            writer.member("scenario_hash", fleet.scenarioHash.hex)
            writer.member("version", fleet.version)
            writer.member("seed", "\(seed)")
            fleet.writeLoad(to: &writer)
            writer.member("outages", objects: outages) { writer, outage in
                writer.member("rule", outage.name)
                writer.member("from_ns", outage.from)
                writer.member("to_ns", outage.to)
            }
            writer.member("policies", objects: results) { Self.write($1, to: &$0) }
        }
    }

    private static func write(_ result: RunResult, to writer: inout JSONWriter) {
        writer.member("policy", result.policy)
        for column in columns { writer.member(column.name, json: column.value(result) ?? "null") }
        writer.member("grade", result.grade?.letter ?? "")
        writer.member("grade_failed", texts: result.grade?.failed ?? [])
        writer.member("grade_reasons", objects: result.grade?.reasons ?? []) { writer, reason in
            writer.member("name", reason.name)
            writer.member("seen", reason.seen)
            writer.member("account", reason.account)
            writer.member("evidence", texts: reason.evidence)
        }
        writer.member("breaches", texts: result.money.breaches)
        writer.member("errors", objects: result.errors) { writer, error in
            writer.member("error", error.name)
            writer.member("jobs", error.count)
        }
        writer.member("arrivals_per_100ms", array: result.arrivals) { $0.integer($1) }
        writer.member("spent_per_second", array: result.spentOverTime) { $0.integer($1) }
        writer.member("held_per_second", array: result.heldOverTime) { $0.integer($1) }
    }

    /// A figure as JSON and CSV have it; nil for one that there is not.
    private struct Column: Sendable {
        var name: StaticString
        var value: @Sendable (RunResult) -> String?

        init(_ name: StaticString, _ value: @escaping @Sendable (RunResult) -> (any CustomStringConvertible)?) {
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
        var text = (["policy"] + Self.columns.map(\.name.description) + ["grade"]).joined(separator: ",") + "\r\n"
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
