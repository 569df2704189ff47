internal import ClipriseWire

extension Comparison {
    /// Every figure of every policy, in the order of the table.
    package var rows: [ComparisonRow] {
        var rows: [ComparisonRow] = []
        func add(_ group: String, _ name: String, best: BestFigure = .none, _ cell: (RunResult) -> String) {
            let cells = results.map(cell)
            rows.append(ComparisonRow(name: name, cells: cells, group: group, best: best.columns(results, cells)))
        }
        func add(_ figures: Figure...) {
            for figure in figures { add(figure) { figure.value($0).map(figure.text) ?? "–" } }
        }
        func add(_ figure: Figure, best: BestFigure? = nil, _ cell: (RunResult) -> String) {
            add(figure.group, figure.label, best: best ?? BestFigure(figure), cell)
        }
        func count(_ number: Int) -> String { FigureText.grouped(Int64(number)) }
        add(.jobs)
        add(.done) { "\(count($0.done)) (\(Self.percent($0.done, of: $0.jobs)))" }
        add(.failed, .givenUp, .outcomeUnknown, .p50, .p95, .p99)
        add("Time to result", "longest", best: .least { $0.done == $0.jobs ? $0.timeToResult.max : nil }) {
            Self.time($0.timeToResult.max)
        }
        add(.requests, .requestsPerJob, .pollsPerJob)
        if results.contains(where: { $0.pollBound != nil }) {
            add(.leastPollsPerJob)
            add("Load", "  lag behind the end, mean", best: .least { $0.done > 0 ? $0.pollBound?.meanLag : nil }) {
                Self.time($0.pollBound.map { Int64($0.meanLag) })
            }
        }
        add("Load", "polls per job, p95", best: .leastEffort { $0.pollsPerJobP95 }) { count($0.pollsPerJobP95) }
        add(.amplification)
        add(.peak) { Self.peak($0.peak) }
        add(.retryPeak) { Self.peak($0.retryPeak) }
        add(.retryPeak20) { Self.peak($0.retryPeak20) }
        if results.contains(where: { $0.refusedByCapacity > 0 || $0.longestQueue > 0 }) {
            add(.rejected)
            add("Load", "longest queue", best: .leastEffort { $0.longestQueue }) { count($0.longestQueue) }
        }
        if results.contains(where: { $0.neverSent > 0 }) {
            add("Load", "never left the client") { FigureText.grouped($0.neverSent) }
        }
        if results.contains(where: { $0.hedges > 0 }) { add("Load", "hedged") { FigureText.grouped($0.hedges) } }
        if !outages.isEmpty {
            add(.recovery, best: .leastEffort { $0.recovery }) {
                $0.recovery == nil ? "never" : Self.time($0.recovery)
            }
            add(.lostInOutage)
        }
        add(.spent, .heldAtEnd, .wasted, .chargedTwice, .neverFetched)
        add("Credits", "money audit", best: .least { $0.money.breaches.count }) {
            $0.money.breaches.isEmpty ? "adds up" : "BREACH"
        }
        add("Grade", "grade", best: .first { $0.grade?.letter }) { $0.grade.map { $0.letter ?? "–" } ?? "–" }
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
    package var title: String { fleet.title("seed \(seed)") }

    package var table: String {
        var text = title + "\n"
        if !fleet.about.isEmpty { text += fleet.about + "\n" }
        text += "\n" + GroupedTable.text([""] + results.map(\.policy), rows)
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
            let isShared = results.contains { $0.clients != fleet.clients }
            let graded = isShared ? results.reduce(0) { $0 + ($1.grade?.accounts ?? 0) } : grade.accounts
            notes.append(
                "Graded: \(graded) of \(FigureText.count(fleet.clients, "account")), evenly spread. "
                    + "Audited: the books of all accounts.")
        }
        return notes
    }
}
