package import ClipriseCatalog
package import ClipriseEngine
internal import ClipriseWire

/// Holds a server against the contract, clause by clause, with requests that cost nothing unless a cap allows more.
package struct Conformance {
    package struct Settings: Sendable {
        /// The edition that is expected, and the answers of its profile file.
        package var engine: EngineSettings
        package var key: String?
        /// The `Host` that the server answers to.
        package var host: String
        /// The credits that may be at stake in all.
        package var spendCap: Int64
        /// What a request counts as at least whose price the catalogue only assumes; nil sends none.
        package var unpriced: Int64?
        /// How often the one job of a run with a cap is asked for.
        package var polls = 200

        package init(engine: EngineSettings, key: String?, host: String, spendCap: Int64) {
            self.engine = engine
            self.key = key
            self.host = host
            self.spendCap = spendCap
        }
    }

    private let settings: Settings
    private let sender: any Sender
    private let probes: ProbeList
    private let expectations: Expectations
    private var leash: Leash
    private var report: ConformanceReport
    /// The task of the last generate, if it started one.
    private var lastTask: String?
    /// How many requests in a row had to be given up, and at how many no more are sent.
    private var timeouts = 0
    private static let timeoutLimit = 3

    /// - Parameter wait: Called between two polls.
    package static func run(
        _ settings: Settings, _ catalog: Catalog, _ sender: any Sender, wait: () -> Void = {}
    ) -> ConformanceReport {
        var conformance = Conformance(settings, catalog, sender)
        conformance.judgeAll(wait)
        return conformance.report
    }

    private init(_ settings: Settings, _ catalog: Catalog, _ sender: any Sender) {
        self.settings = settings
        self.sender = sender
        probes = ProbeList(key: settings.key, host: settings.host, catalog: catalog)
        expectations = Expectations(settings.engine, catalog, key: settings.key, host: settings.host)
        leash = Leash(catalog: catalog, cap: settings.spendCap, unpriced: settings.unpriced)
        report = ConformanceReport(profile: settings.engine.profile)
    }

    private mutating func judgeAll(_ wait: () -> Void) {
        for probe in probes.free { judge(probe) }
        for probe in probes.staked { judge(probe) }
        followJob(wait)
        for (clause, reason) in Self.unreachable where !report.findings.contains(where: { $0.clause == clause }) {
            report.add(Finding(clause: clause, title: reason.title, verdict: .unknown, reason: reason.why))
        }
        if settings.key == nil { report.note = "without a key: what needs one was left out" }
        report.staked = leash.spent
    }

    /// What no request can bring about at will.
    private static let unreachable: [(Clause, (title: String, why: String))] = [
        (.gen10, ("not enough credits", "needs an account without credits")),
        (.sta7, ("a job that fails", "no request makes a job fail for certain")),
        (.sta6, ("a zip of several files", "costs a job of several files")),
        (.cr6, ("when credits are taken", "the service does not report an account's credits")),
        (.cb1, ("callbacks", "needs an address that the service can reach")),
    ]

    private mutating func judge(_ probe: Probe) {
        var finding = Finding(clause: probe.clause, title: probe.title, model: probe.model, verdict: .unknown)
        defer { report.add(finding) }
        let expected = expectations.refusal(of: probe)
        finding.expected = expected?.answer ?? expectations.step(.gen11)
        finding.slot = probe.isOnlyTold ? nil : expected?.slot ?? Clause.gen11.rawValue
        if let reason = silence ?? leash.take(probe) {
            finding.reason = reason
            return
        }
        lastTask = nil
        guard let received = send(probe, &finding) else { return }
        let templated = Comparison.templated(received)
        lastTask = templated.task
        finding.received = templated.observation
        settle(&finding)
    }

    private func settle(_ finding: inout Finding) {
        guard let expected = finding.expected, let received = finding.received else { return }
        finding.aspects = Comparison.aspects(expected, received)
        finding.verdict = finding.aspects.isEmpty ? .same : .differs
    }

    /// Why nothing more is sent to a server that lets everyone wait; nil while it may answer.
    private var silence: String? {
        timeouts < Self.timeoutLimit ? nil : "not sent: \(timeouts) requests in a row got no answer in time"
    }

    private mutating func send(_ probe: Probe, _ finding: inout Finding) -> Observation? {
        report.sent += 1
        do throws(SendFailure) {
            var answer = try sender.send(probe)
            timeouts = 0
            if let key = settings.key { answer.body.redact(key) }
            return answer
        } catch {
            report.failures += 1
            timeouts = error.isTimeout ? timeouts + 1 : 0
            finding.reason = error.reason
            return nil
        }
    }

    // MARK: A whole job

    /// Starts the cheapest job, asks for it until it is finished, and takes its file.
    private mutating func followJob(_ wait: () -> Void) {
        guard let job = probes.job else { return }
        lastTask = nil
        judge(job)
        let later: [(Clause, String)] = [
            (.sta3, "a job that is not finished"), (.sta4, "a finished job"), (.sta5, "the file of a finished job"),
        ]
        guard let task = lastTask else {
            for (clause, title) in later {
                report.add(Finding(clause: clause, title: title, verdict: .unknown, reason: "needs a job: --spend-cap"))
            }
            return
        }
        poll(task, wait)
    }

    private mutating func poll(_ task: String, _ wait: () -> Void) {
        var processing: Finding?
        for _ in 0..<settings.polls {
            var finding = Finding(clause: .sta3, title: "a job that is not finished", verdict: .unknown)
            guard let received = send(probes.poll(task: task, file: false), &finding) else {
                return report.add(finding)
            }
            let templated = Comparison.templated(received)
            guard templated.url == nil else {
                if let processing { report.add(processing) }
                return finish(task, templated.observation)
            }
            finding.expected = expectations.step(.sta3)
            finding.slot = Clause.sta3.rawValue
            finding.received = received
            settle(&finding)
            if processing == nil {
                processing = finding
                if received.status == 300 { judgeLocation(received) }
            }
            wait()
        }
        if let processing { report.add(processing) }
        report.add(
            Finding(
                clause: .sta4, title: "a finished job", verdict: .unknown,
                reason: "not finished after \(DecimalText.count(settings.polls, "poll"))"))
    }

    /// A 300 that says where to go next is followed by many clients, which then never poll.
    private mutating func judgeLocation(_ received: Observation) {
        var finding = Finding(clause: .http3, title: "300 has no Location", verdict: .same)
        if let location = received.location {
            finding.verdict = .differs
            finding.aspects = [.location]
            finding.reason = "Location: \(location.prefix(200))"
        }
        report.add(finding)
    }

    private mutating func finish(_ task: String, _ success: Observation) {
        var finding = Finding(clause: .sta4, title: "a finished job", verdict: .unknown)
        finding.expected = expectations.step(.sta4)
        finding.slot = Clause.sta4.rawValue
        finding.received = success
        settle(&finding)
        report.add(finding)
        var file = Finding(clause: .sta5, title: "the file of a finished job", verdict: .unknown)
        defer { report.add(file) }
        guard let received = send(probes.poll(task: task, file: true), &file) else { return }
        file.aspects = Self.fileAspects(received)
        file.verdict = file.aspects.isEmpty ? .same : .differs
        let shown = file.aspects.contains(.shape) ? Array(received.body.prefix(200)) : []
        file.received = Observation(status: received.status, contentType: received.contentType, body: shown)
    }

    /// In what an answer is no file: its status, a type of texts for machines, or a body that is one.
    private static func fileAspects(_ received: Observation) -> [Finding.Aspect] {
        var aspects: [Finding.Aspect] = []
        if received.status != 200 { aspects.append(.status) }
        let type = received.mediaType ?? ""
        if type.isEmpty || type.hasSuffix("json") || type.hasSuffix("html") { aspects.append(.contentType) }
        let first = received.body.first { !" \r\n\t".utf8.contains($0) }
        if first == nil || first == UInt8(ascii: "{") || first == UInt8(ascii: "[") || first == UInt8(ascii: "<") {
            aspects.append(.shape)
        }
        return aspects
    }
}

extension [UInt8] {
    /// Takes a key out, in case that a server repeats it; the URL of a file is taken out elsewhere.
    fileprivate mutating func redact(_ key: String) {
        let mark = Array(key.utf8)
        // A shorter one stands in words that have nothing to do with it.
        guard mark.count >= 6, firstRange(of: Array("\"fileURL\"".utf8)) == nil else { return }
        var searched = startIndex
        while let place = self[searched...].firstRange(of: mark) {
            replaceSubrange(place, with: "[key]".utf8)
            searched = place.lowerBound + 5
        }
    }
}
