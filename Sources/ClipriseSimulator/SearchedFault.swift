package import ClipriseScenario
package import ClipriseWire

/// A fault that `prove` and `hunt` may put in the way of a request: of the network and of gateways, never one by which the
/// service itself breaks its word.
package struct SearchedFault: Sendable, Hashable {
    package var operation: Operation
    /// What happens, such as `closed after the work`.
    package var what: String
    package var fault: Fault

    init(_ operation: Operation, _ what: String, _ kind: Fault.Kind, _ phase: Fault.Phase? = nil) {
        self.operation = operation
        self.what = what
        fault = Fault(kind, phase: phase)
    }

    /// Such as `generate: closed after the work`.
    package var title: String { "\(operation.rawValue): \(what)" }

    /// All of them, those of a generate first.
    package static let all: [SearchedFault] =
        [
            // Before the work: nothing is made.
            SearchedFault(.generate, "closed before the work", .close, .before),
            SearchedFault(.generate, "silence before the work", .hang(limit: nil), .before),
            SearchedFault(.generate, "503 before the work", .status(StatusFault(code: 503)), .before),
            SearchedFault(.generate, "429 before the work", .status(limited), .before),
            // After it: a task is made, and its answer is lost or spoilt.
            SearchedFault(.generate, "closed after the work", .close, .after),
            SearchedFault(.generate, "silence after the work", .hang(limit: nil), .after),
            SearchedFault(.generate, "502 after the work", .status(StatusFault(code: 502)), .after),
            SearchedFault(.generate, "504 after the work", .status(StatusFault(code: 504)), .after),
            SearchedFault(.generate, "empty answer", .empty, .after),
            SearchedFault(.generate, "answer cut", .close, .body),
            SearchedFault(.generate, "answer broken", .corrupt(.json), .body),
        ] + reads(.status) + reads(.download) + [
            SearchedFault(.download, "file cut as if whole", .truncate(half), .body),
            SearchedFault(.download, "file cut", .close, .body),
        ]

    private static let limited = StatusFault(code: 429, retryAfter: .seconds(.seconds(2)))
    private static let half = Truncation(at: .fraction(0.5), isHonest: true)

    private static func reads(_ operation: Operation) -> [SearchedFault] {
        [
            SearchedFault(operation, "closed", .close, .before),
            SearchedFault(operation, "silence", .hang(limit: nil), .before),
            SearchedFault(operation, "503", .status(StatusFault(code: 503)), .before),
            SearchedFault(operation, "429", .status(limited), .before),
            SearchedFault(operation, "empty answer", .empty, .after),
        ]
            + (operation == .status
                ? [
                    SearchedFault(operation, "answer broken", .corrupt(.json), .body),
                    SearchedFault(operation, "answer cut", .close, .body),
                ] : [])
    }

    /// Answers that come after most clients have given up: for a search in virtual time.
    package static let late: [SearchedFault] = [
        SearchedFault(.generate, "answer 31 s late", .latency(.fixed(.seconds(31)))),
        SearchedFault(.generate, "answer 61 s late", .latency(.fixed(.seconds(61)))),
        SearchedFault(.status, "answer 31 s late", .latency(.fixed(.seconds(31)))),
        SearchedFault(.download, "answer 31 s late", .latency(.fixed(.seconds(31)))),
    ]

    /// The same faults for clients that live in real time: a silence ends after so long.
    package static func brief(_ silence: TimeSpan) -> [SearchedFault] {
        all.map { kind in
            guard case .hang = kind.fault.kind else { return kind }
            var brief = kind
            brief.fault = Fault(.hang(limit: silence), phase: kind.fault.phase)
            return brief
        }
    }
}
