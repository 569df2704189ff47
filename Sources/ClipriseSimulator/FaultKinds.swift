package import ClipriseScenario
package import ClipriseWire

/// A fault that `prove` and `hunt` may put in the way of a request: of the network and of gateways, never one by which the
/// service itself breaks its word.
package struct FaultKind: Sendable, Hashable {
    /// Such as `close after generate`.
    package var word: String
    package var operation: Operation
    package var fault: Fault

    init(_ word: String, _ operation: Operation, _ kind: Fault.Kind, _ phase: Fault.Phase? = nil) {
        let fault = Fault(kind, phase: phase)
        self.word = word
        self.operation = operation
        self.fault = fault
    }

    /// All of them, those of a generate first.
    package static let all: [FaultKind] =
        [
            // Before the work: nothing is made.
            FaultKind("generate: closed before the work", .generate, .close, .before),
            FaultKind("generate: silence before the work", .generate, .hang(limit: nil), .before),
            FaultKind("generate: 503 before the work", .generate, .status(StatusFault(code: 503)), .before),
            FaultKind("generate: 429 before the work", .generate, .status(limited), .before),
            // After it: a task is made, and its answer is lost or spoilt.
            FaultKind("generate: closed after the work", .generate, .close, .after),
            FaultKind("generate: silence after the work", .generate, .hang(limit: nil), .after),
            FaultKind("generate: 502 after the work", .generate, .status(StatusFault(code: 502)), .after),
            FaultKind("generate: 504 after the work", .generate, .status(StatusFault(code: 504)), .after),
            FaultKind("generate: empty answer", .generate, .empty, .after),
            FaultKind("generate: answer cut", .generate, .close, .body),
            FaultKind("generate: answer broken", .generate, .corrupt(.json), .body),
        ] + reads(.status, "status") + reads(.download, "download") + [
            FaultKind("download: file cut as if whole", .download, .truncate(half), .body),
            FaultKind("download: file cut", .download, .close, .body),
        ]

    private static let limited = StatusFault(code: 429, retryAfter: .seconds(.seconds(2)))
    private static let half = Truncation(at: .fraction(0.5), isHonest: true)

    private static func reads(_ operation: Operation, _ name: String) -> [FaultKind] {
        [
            FaultKind("\(name): closed", operation, .close, .before),
            FaultKind("\(name): silence", operation, .hang(limit: nil), .before),
            FaultKind("\(name): 503", operation, .status(StatusFault(code: 503)), .before),
            FaultKind("\(name): 429", operation, .status(limited), .before),
            FaultKind("\(name): empty answer", operation, .empty, .after),
        ]
            + (operation == .status
                ? [
                    FaultKind("\(name): answer broken", operation, .corrupt(.json), .body),
                    FaultKind("\(name): answer cut", operation, .close, .body),
                ] : [])
    }

    /// Answers that come after most clients have given up: for a search in virtual time.
    package static let late: [FaultKind] = [
        FaultKind("generate: answer 31 s late", .generate, .latency(.fixed(.seconds(31)))),
        FaultKind("generate: answer 61 s late", .generate, .latency(.fixed(.seconds(61)))),
        FaultKind("status: answer 31 s late", .status, .latency(.fixed(.seconds(31)))),
        FaultKind("download: answer 31 s late", .download, .latency(.fixed(.seconds(31)))),
    ]

    /// The same faults for clients that live in real time: a silence ends after so long.
    package static func brief(_ silence: TimeSpan) -> [FaultKind] {
        all.map { kind in
            guard case .hang = kind.fault.kind else { return kind }
            var brief = kind
            brief.fault = Fault(.hang(limit: silence), phase: kind.fault.phase)
            return brief
        }
    }
}
