/// One line of a comparison: what is measured, and its value for each policy.
package struct ComparisonRow: Sendable, Hashable {
    package var name: String
    /// As people read them.
    package var cells: [String]
    /// What stands between it and the row before.
    package var group: String
    /// The columns with the best figure, 0-based; none where all are the same, or none is better.
    package var best: Set<Int>
}

extension Comparison {
    /// Every figure of every policy, in the order of the table.
    package var rows: [ComparisonRow] {
        var rows: [ComparisonRow] = []
        var group = "Jobs"
        func add(_ name: String, best: BestFigure = .none, _ cell: (RunResult) -> String) {
            let cells = results.map(cell)
            rows.append(ComparisonRow(name: name, cells: cells, group: group, best: best.columns(results, cells)))
        }
        func count(_ number: Int) -> String { FigureText.grouped(Int64(number)) }
        add("jobs") { count($0.jobs) }
        add("done", best: .most { $0.done }) { "\(count($0.done)) (\(Self.percent($0.done, of: $0.jobs)))" }
        add("failed for good", best: .least { $0.failed }) { count($0.failed) }
        add("given up", best: .least { $0.givenUp }) { count($0.givenUp) }
        add("  of these, charge unknown", best: .least { $0.outcomeUnknown }) { count($0.outcomeUnknown) }
        group = "Time to result"
        add("p50", best: .least { $0.timeToResult.p50 }) { Self.time($0.timeToResult.p50) }
        add("p95", best: .least { $0.timeToResult.p95 }) { Self.time($0.timeToResult.p95) }
        add("p99", best: .least { $0.timeToResult.p99 }) { Self.time($0.timeToResult.p99) }
        add("longest", best: .least { $0.done == $0.jobs ? $0.timeToResult.max : nil }) {
            Self.time($0.timeToResult.max)
        }
        group = "Load"
        add("requests", best: .leastEffort { $0.requests }) { FigureText.grouped($0.requests) }
        add("requests per job, mean", best: .leastEffort { $0.requestsPerJob }) {
            FigureText.fixed($0.requestsPerJob, digits: 2)
        }
        add("polls per job, mean", best: .leastEffort { $0.pollsPerJob }) {
            FigureText.fixed($0.pollsPerJob, digits: 2)
        }
        if results.contains(where: { $0.pollBound != nil }) {
            add("  least possible") { $0.pollBound.map { FigureText.fixed($0.leastPolls, digits: 2) } ?? "–" }
            add("  lag behind the end, mean", best: .least { $0.done > 0 ? $0.pollBound?.meanLag : nil }) {
                Self.time($0.pollBound.map { Int64($0.meanLag) })
            }
        }
        add("polls per job, p95", best: .leastEffort { $0.pollsPerJobP95 }) { count($0.pollsPerJobP95) }
        add("amplification", best: .leastEffort { $0.amplification }) {
            $0.amplification.map { "\(FigureText.fixed($0, digits: 2))×" } ?? "–"
        }
        add("peak arrivals in 100 ms", best: .leastEffort { $0.peak.count }) { Self.peak($0.peak) }
        add("peak retries in 100 ms", best: .leastEffort { $0.retryPeak?.count ?? 0 }) { Self.peak($0.retryPeak) }
        add("peak retries in 20 ms", best: .leastEffort { $0.retryPeak20?.count ?? 0 }) { Self.peak($0.retryPeak20) }
        if results.contains(where: { $0.refusedByCapacity > 0 || $0.longestQueue > 0 }) {
            add("rejected (queue full)", best: .leastEffort { $0.refusedByCapacity }) {
                FigureText.grouped($0.refusedByCapacity)
            }
            add("longest queue", best: .leastEffort { $0.longestQueue }) { count($0.longestQueue) }
        }
        if results.contains(where: { $0.neverSent > 0 }) {
            add("never left the client") { FigureText.grouped($0.neverSent) }
        }
        if results.contains(where: { $0.hedges > 0 }) { add("hedged") { FigureText.grouped($0.hedges) } }
        if !outages.isEmpty {
            add("recovered after the outage", best: .leastEffort { $0.recovery }) {
                $0.recovery == nil ? "never" : Self.time($0.recovery)
            }
            add("  jobs lost in it", best: .least { $0.lostInOutage }) { count($0.lostInOutage) }
        }
        group = "Credits"
        add("spent") { FigureText.grouped($0.money.spent) }
        add("held at the end", best: .least { $0.money.heldAtEnd }) { FigureText.grouped($0.money.heldAtEnd) }
        add("wasted", best: .least { $0.money.wasted }) { FigureText.grouped($0.money.wasted) }
        add("  charged twice", best: .least { $0.money.doubleCharged }) { FigureText.grouped($0.money.doubleCharged) }
        add("  paid, never fetched", best: .least { $0.money.neverFetched }) {
            FigureText.grouped($0.money.neverFetched)
        }
        add("money audit", best: .least { $0.money.breaches.count }) {
            $0.money.breaches.isEmpty ? "adds up" : "BREACH"
        }
        group = "Grade"
        add("grade", best: .first { $0.grade?.letter }) { $0.grade.map { $0.letter ?? "–" } ?? "–" }
        return rows
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        whole == 0 ? "–" : FigureText.fixed(100 * Double(part) / Double(whole), digits: 1) + " %"
    }

    private static func time(_ nanoseconds: Int64?) -> String {
        nanoseconds.map(FigureText.seconds) ?? "–"
    }

    private static func peak(_ peak: RunResult.Peak?) -> String {
        peak.map { "\(FigureText.grouped(Int64($0.count))) at \(FigureText.fixed(Double($0.at) / 1e9, digits: 1)) s" }
            ?? "none"
    }
}

extension Comparison {
    /// What was run, in one line.
    package var title: String {
        let arrivals = arrivalLength > 0 ? "\(arrival) for \(FigureText.seconds(arrivalLength))" : arrival
        return "\(scenario): \(FigureText.grouped(Int64(clients))) clients, \(arrivals), \(jobMix), seed \(seed)"
    }

    package var table: String {
        var text = title + "\n"
        if !about.isEmpty { text += about + "\n" }
        text += "\n" + GroupedTable.text([""] + results.map(\.policy), rows.map { ($0.group, [$0.name] + $0.cells) })
        text += notes.map { "\n\($0)" }.joined() + (notes.isEmpty ? "" : "\n")
        return text
    }

    /// What a reader should know beside the figures.
    package var notes: [String] {
        var notes: [String] = []
        for result in results {
            if !result.errors.isEmpty {
                let errors = result.errors.map { "\($0.name) \(FigureText.grouped(Int64($0.count)))" }
                notes.append("\(result.policy), jobs without a result: \(errors.joined(separator: ", "))")
            }
            for breach in result.money.breaches { notes.append("\(result.policy), money does not add up: \(breach)") }
            if let grade = result.grade, !grade.failed.isEmpty {
                notes.append("\(result.policy), failed: \(grade.failed.joined(separator: ", "))")
                for reason in grade.reasons {
                    notes.append("  \(reason.name): \(reason.seen)")
                    if !reason.evidence.isEmpty { notes.append("    \(reason.account)") }
                    notes += reason.evidence.map { "      \($0)" }
                }
            }
            if let evicted = result.grade?.evicted, evicted > 0 {
                notes.append(
                    "\(result.policy): \(FigureText.grouped(Int64(evicted))) early events were no longer kept; what they "
                        + "showed is not in the grade")
            }
        }
        if let grade = results.first?.grade, results.contains(where: { $0.grade?.isSample == true }) {
            // Several fleets in one run have the accounts among them.
            let isShared = results.contains { $0.clients != clients }
            let graded = isShared ? results.reduce(0) { $0 + ($1.grade?.accounts ?? 0) } : grade.accounts
            notes.append(
                "Graded: \(graded) of \(clients) accounts, evenly spread. Audited: the books of all accounts.")
        }
        return notes
    }
}
