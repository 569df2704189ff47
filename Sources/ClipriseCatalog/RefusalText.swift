public import ClipriseWire

/// What a refusal says; one piece of memory, as it goes through many hands.
public final class RefusalText: Sendable, Hashable {
    /// The `msg` of the answer, for the form that carries one.
    public let message: String
    /// What to mend, for people: the log, `quote`, the journal.
    public let hint: String
    /// The answer with the message, where the text is one of the catalogue's, which many are sent; nil for one that
    /// repeats a part of a request.
    public let answer: ResponsePlan?

    /// A text for one refusal.
    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint ?? message
        answer = nil
    }

    /// A text of the catalogue, and its answer.
    init(ready message: String) {
        self.message = message
        hint = message
        answer = .applicationError(message)
    }

    /// The documented answer for a field that is absent, null or blank (contract, GEN-5).
    init(required key: String) {
        message = "This field is required"
        hint = "\(key) is absent, null or blank"
        answer = Self.fieldRequired
    }

    private static let fieldRequired = ResponsePlan.applicationError("This field is required")

    public static func == (left: RefusalText, right: RefusalText) -> Bool {
        (left.message, left.hint) == (right.message, right.hint)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(message)
        hasher.combine(hint)
    }
}

extension ResponsePlan {
    /// HTTP 200 with `{"code":400,"msg":…,"data":null}`.
    public static func applicationError(_ message: String) -> ResponsePlan {
        ResponsePlan(status: 200, contentType: .json, body: .plain(WireBody.applicationError(message)))
    }
}

/// What is said of values that are not in a parameter's list.
///
/// The texts depend on the catalogue alone. Each is made when it is first needed, and kept: at most two for each value
/// of the list, and one more.
final class ListRefusals: Sendable {
    /// The value of a list that was meant by one that is not in it.
    enum Meant {
        case none
        /// The nearest number, by its 0-based place.
        case number(Int)
        /// The nearest spelling, by its 0-based place.
        case word(Int)
    }

    private let parameter: String
    private let values: [String]
    /// The first values of the list, as a message names them.
    private let shown: String
    private let texts: FixedTable<OnceReference<RefusalText>>

    init(_ parameter: String, _ values: [String]) {
        self.parameter = parameter
        self.values = values
        shown = values.prefix(12).joined(separator: ", ") + (values.count > 12 ? ", … (\(values.count) in all)" : "")
        texts = FixedTable((0...2 * values.count).map { _ in OnceReference() })
    }

    deinit { texts.deallocate() }

    func text(_ meant: Meant) -> RefusalText {
        let slot =
            switch meant {
            case .none: 0
            case .number(let place): 2 * place + 1
            case .word(let place): 2 * place + 2
            }
        return texts[slot].value ?? texts[slot].keep(RefusalText(ready: "\(parameter) \(problem(meant))"))
    }

    /// What is wrong, as a clause that continues the parameter's key.
    func problem(_ meant: Meant) -> String {
        let hint =
            switch meant {
            case .none: ""
            case .number(let place): "; did you mean \(values[place])?"
            case .word(let place): "; did you mean \"\(values[place])\"?"
            }
        return "is not within the range of allowed options: \(shown)\(hint)"
    }
}
