public import ClipriseWire

/// One model of the catalogue: what its `input` may hold, what it costs, what it makes.
public struct Model: Sendable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case image, video, audio
    }

    /// How a body that breaks a rule of `input` is refused (contract, GEN-7).
    public enum RefusalForm: String, Sendable, Hashable, CaseIterable {
        /// HTTP 200 with `{"code":400,"msg":…,"data":null}`.
        case code400 = "code_400"
        /// HTTP 200 with an empty body.
        case empty
    }

    /// What the reference's verification table says of a model that it does not call verified.
    public enum Verification: String, Sendable, Hashable, CaseIterable {
        case emptyBody = "empty_body"
        case rootAndInput = "root_and_input"
        case options
    }

    /// Another id that selects this model and fixes some parameters (contract, GEN-4).
    public struct Route: Sendable, Hashable {
        public var id: String
        public var fixes: [Fix]

        public typealias Fix = Named<Scalar>
    }

    /// The id that a client sends, such as `veo-3-fast`.
    public var id: String
    public var name: Fact<String>
    public var kind: Fact<Kind>
    public var result: Fact<ResultSpec.Form>
    /// The time from acceptance to result on the real service, in seconds.
    public var typicalSeconds: Fact<Int>
    public var refusal: Fact<RefusalForm>
    public var verification: Fact<Verification>?
    public var aliasOf: Fact<String>?
    public var routes: [Fact<Route>]
    /// Whether a later edition takes the body without `input`, all fields at the root.
    public var takesRootOnly: Fact<Bool>?
    /// The most reference images or videos in one request, over all keys that carry them.
    public var maxReferences: Fact<Int>?
    public var zipName: Fact<String>?
    /// Files per task without references, and with them.
    public var count: Fact<Int>?
    public var countWithReferences: Fact<Int>?
    /// The shape of the result when no parameter gives it.
    public var ratio: Fact<String>?
    public var resolution: Fact<String>?
    public var seconds: Fact<Int>?
    public var sound: Fact<Bool>?
    public var transparent: Fact<Bool>?
    /// The length in seconds that media which is never fetched is taken to have (contract, CR-4).
    public var mediaSeconds: Fact<Int>?
    public var notes: Fact<String>?
    public var parameters: [Parameter]
    public var price: PriceRule

    public func parameter(_ key: String) -> Parameter? {
        parameters.first { $0.key == key }
    }
}

/// How a request is priced: the rows of the published table and what selects each.
public struct PriceRule: Sendable, Hashable {
    public enum Unit: Sendable, Hashable {
        /// One row, once.
        case task
        /// The row for each started second.
        case second(Seconds)
        /// The row for each started block of characters of a key.
        case block(key: String, characters: Int)
    }

    public enum Seconds: Sendable, Hashable {
        case parameter(key: String)
        /// The model's `mediaSeconds`.
        case media
        /// Frames over frames per second.
        case frames(key: String, rateKey: String)
    }

    public struct Row: Sendable, Hashable {
        /// The label as published, `—` for the unlabelled.
        public var unit: String
        /// Whole credits, not negative.
        public var credits: Int64
        public var from: Provenance
        public var conditions: [Condition]
        public var conditionsFrom: Provenance
    }

    public typealias Condition = Named<Test>

    public enum Test: Sendable, Hashable {
        case oneOf([Scalar])
        case present(Bool)
        case sum(Double)
    }

    public var unit: Unit
    public var unitFrom: Provenance
    public var secondsFrom: Provenance?
    /// At most 32, in the order of the published table.
    public var rows: [Row]
}

extension Named<PriceRule.Test> {
    public enum Subject: Sendable, Hashable {
        case parameter(key: String)
        /// Any parameter that carries reference media.
        case references
    }

    public var subject: Subject { key == PriceRule.references ? .references : .parameter(key: key) }
    public var test: PriceRule.Test { value }
}

extension PriceRule {
    /// The name under which a condition asks for reference media.
    static let references = "references"
}
