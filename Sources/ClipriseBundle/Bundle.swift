package import ClipriseEngine
package import ClipriseJournal
internal import ClipriseScenario
package import ClipriseWire

/// Everything that is needed to run a recorded run again, as JSON Lines: a header, a line for each request, and a last
/// line with their number.
///
/// Keys of accounts stand in it as they are: they open nothing but a mock.
package struct Bundle: Sendable, Hashable {
    /// The edition of the format.
    package static let format = "cliprise-mock/bundle/v1"
    /// The most bytes of a bundle that is read.
    package static let byteLimit = 512 << 20
    /// Answers up to this many bytes stand in full; of longer ones only length and hash.
    package static let answerLimit = 16_384

    package struct Header: Sendable, Hashable {
        /// Of the binary that wrote the bundle.
        package var version = ""
        package var settings = EngineSettings()
        package var scenarios: [Source] = []
        /// Whether accounts kept the clocks of their scenarios, as on the server.
        package var keepsClocks = false
        /// `Catalog.contentHash` of the catalogue in force.
        package var catalogue: UInt64 = 0
        /// The accounts, in the order of their making; those made later included.
        package var accounts: [AccountStart] = []
        package var isOpen = false
        package var port: UInt16 = 0
        /// Nanoseconds since 1970 at the instant 0.
        package var wallAtZero: Int64 = 0
        /// Whether answers with files hold the real files, rather than stand-ins.
        package var hasFiles = false
        /// Whether the seed of the settings went before those of the scenarios.
        package var seedGoesFirst = false
        /// Nil when nobody noted it.
        package var origin: Origin?

        package init() {}
    }

    /// The command that made the requests, so that the like can be made again.
    package struct Origin: Sendable, Hashable {
        package enum Program: String, Sendable, Hashable, CaseIterable { case simulate, exec }

        package var program: Program
        /// The options of `simulate`, or the command of `exec`.
        package var arguments: [String]

        package init(_ program: Program, _ arguments: [String]) {
            self.program = program
            self.arguments = arguments
        }
    }

    /// The text of a scenario.
    package struct Source: Sendable, Hashable {
        package var name: String
        package var text: [UInt8]

        package init(name: String, text: [UInt8]) {
            self.name = name
            self.text = text
        }
    }

    package struct AccountStart: Sendable, Hashable {
        package var key: [UInt8]
        package var credits: Int64
        /// When the account was made, on the host's clock; a real clock's rules count from there.
        package var at: Instant

        package init(key: [UInt8], credits: Int64, at: Instant = .start) {
            self.key = key
            self.credits = credits
            self.at = at
        }
    }

    /// A request and its answer.
    package struct Exchange: Sendable, Hashable {
        /// The key of the account that it was for; empty when none was found.
        package var key: [UInt8]
        /// On the host's clock.
        package var at: Instant
        package var method: String
        package var target: [UInt8]
        package var fields: [Field]
        package var body: [UInt8]
        package var answer: Expected
        /// Whether the service had no room for it.
        package var isRejected = false
        package var isOnReusedConnection = false
        /// How it ended, where that was noted and is not at once and complete.
        package var ended: Ended?
        /// 1-based line of the bundle; 0 for one that was not read.
        package var line = 0

        package struct Field: Sendable, Hashable {
            package var name: [UInt8]
            package var value: [UInt8]
        }
    }

    /// When an exchange ended on the host's clock, and how.
    package struct Ended: Sendable, Hashable {
        package var at: Instant
        package var outcome: ExchangeEvent.Outcome

        package init(at: Instant, _ outcome: ExchangeEvent.Outcome) {
            self.at = at
            self.outcome = outcome
        }
    }

    /// The bytes of an answer as `AnswerBytes` makes them, or what is left of them.
    package struct Expected: Sendable, Hashable {
        package var hash: UInt64
        package var count: Int
        /// Nil for a long answer.
        package var bytes: [UInt8]?

        package init(_ bytes: [UInt8]) {
            hash = fnv1a(bytes)
            count = bytes.count
            self.bytes = bytes.count <= Bundle.answerLimit ? bytes : nil
        }

        /// Whether an answer is this one; what is left of it is all compared.
        func isOf(_ found: [UInt8]) -> Bool {
            count == found.count && hash == fnv1a(found) && (bytes ?? found) == found
        }
    }

    package var header: Header
    package var exchanges: [Exchange]
    /// The line of the first change that was made by hand (through the admin API), which cannot be played again; nil
    /// when there is none.
    package var firstChangeByHand: Int?
    /// Whether this is what was written of a recording that was cut off.
    package var isPartial = false
}

extension Bundle.Header {
    /// Reads a scenario, with the seed that was in force.
    ///
    /// - Throws: `ScenarioErrors`.
    func scenario(_ source: Bundle.Source) throws -> Scenario {
        var scenario = try Scenario(yaml: source.text, source: source.name)
        if seedGoesFirst { scenario.seed = settings.seed }
        return scenario
    }
}

extension Bundle.Exchange {
    package init(key: [UInt8], request: Request, at: Instant, answer: [UInt8], isRejected: Bool = false) {
        self.key = key
        self.at = at
        method = request.method.description
        target = request.target
        fields = (0..<request.fields.count).map { index in
            Field(name: Array(request.fields.name(at: index)), value: Array(request.fields.value(at: index)))
        }
        body = request.body
        isOnReusedConnection = request.isOnReusedConnection
        self.answer = Bundle.Expected(answer)
        self.isRejected = isRejected
    }

    package var request: Request {
        var headerFields = HeaderFields()
        for field in fields { headerFields.append(name: field.name, value: field.value) }
        return Request(
            method: Request.Method(method), target: target, fields: headerFields, body: body,
            isOnReusedConnection: isOnReusedConnection)
    }
}
