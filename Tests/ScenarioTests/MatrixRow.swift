import ClipriseScenario

/// What a good client's jobs may end with in one scenario.
struct MatrixRow: Sendable {
    /// By job, in their order; the endings that the scenario's text allows.
    var endings: [Set<Ending>]
    /// Whether only real files tell whether a download went well.
    var needsFiles = false
    /// Whether the jobs are done at once: one after another they would never meet what the scenario shows.
    var isAtOnce = false

    private init(
        _ except: [Int: Set<Ending>] = [:], others: Set<Ending> = [.downloaded], needsFiles: Bool = false,
        isAtOnce: Bool = false
    ) {
        self.isAtOnce = isAtOnce
        endings = (1...MatrixJob.all.count).map { except[$0] ?? others }
        self.needsFiles = needsFiles
    }

    private static let fine = MatrixRow()
    private static let files = MatrixRow(needsFiles: true)
    /// A failure that a scenario gives no text: any that failed tasks are known to carry.
    private static let failures = Set(FailMessage.library.map(Ending.failed))

    /// Written from what each scenario says of itself, and from the contract; not from runs.
    static let table: [String: MatrixRow] = [
        "bare-object": fine,
        "broken-json": fine,
        "busy-hour": fine,
        "callbacks-duplicate-late": fine,
        "callbacks-unreliable": fine,
        "charge-on-accept": MatrixRow([1: failures, 4: failures]),
        // The client cannot know that nothing was done.
        "closed-before": MatrixRow([1: [.unknown]]),
        "corrupt-zip": files,
        "credits-run-dry": MatrixRow(others: [.noCredits]),
        "empty-bodies": MatrixRow([2: [.empty]]),
        "expired-link": fine,
        "failed-moderation": MatrixRow([
            1: [.failed("Your prompt was caught by our AI moderator. Please adjust it and try again!")],
            2: [.failed("Your content was flagged by OpenAI as violating content policies")],
        ]),
        "flaky-polling": fine,
        "flapping-status": fine,
        "four-for-one": MatrixRow([1: [.unknown], 2: [.unknown], 3: [.unknown], 4: [.unknown]]),
        "gateway-html": MatrixRow([2: [.unknown]]),
        "hang": fine,
        "honest-truncation": files,
        // The eighth poll comes within the two minutes of the first task, or soon after.
        "key-revoked": MatrixRow([1: [.refusedKey, .downloaded]], others: [.refusedKey]),
        "late-answers": fine,
        "late-lost-reply": MatrixRow([1: [.unknown]]),
        "later": fine,
        "lost-reply": MatrixRow([1: [.unknown]]),
        // A generate takes a new connection.
        "lost-reply-reused": fine,
        "lost-task": MatrixRow([1: [.lost]]),
        "odd-retry-after": fine,
        "outage-30s": fine,
        "quiet-day": fine,
        "rate-limited": MatrixRow(isAtOnce: true),
        "reset-mid-download": files,
        "retry-after-date": fine,
        "slow-drip": files,
        "slow-videos": fine,
        // The models of these jobs are not among the seven that answered with nothing.
        "snapshot": fine,
        "storm": MatrixRow(others: failures.union([.downloaded, .unknown, .lost]), needsFiles: true),
        "stuck-task": MatrixRow([1: [.deadline]]),
        "thundering-herd": fine,
        "truncated-zip": files,
        "upstream-limits": fine,
        "whole-job-retry": fine,
        "wrong-type": fine,
    ]
}
