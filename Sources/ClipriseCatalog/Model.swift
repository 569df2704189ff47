package import ClipriseWire

/// One model of the catalogue: what its `input` may hold, what it costs, what it makes.
package struct Model: Sendable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case image, video, audio
    }

    /// How a body that breaks a rule of `input` is refused (contract, GEN-7).
    package enum RefusalForm: String, Sendable, Hashable, CaseIterable {
        /// HTTP 200 with `{"code":400,"msg":…,"data":null}`.
        case code400 = "code_400"
        /// HTTP 200 with an empty body.
        case empty
    }

    /// What the reference's verification table says of a model that it does not call verified.
    package enum Verification: String, Sendable, Hashable, CaseIterable {
        case emptyBody = "empty_body"
        case rootAndInput = "root_and_input"
        case options
    }

    /// Another id that selects this model and fixes some parameters (contract, GEN-4).
    package struct Route: Sendable, Hashable {
        package var id: String
        package var fixes: [Fix]

        package struct Fix: Sendable, Hashable {
            package var key: String
            package var value: Scalar
        }
    }

    /// The id that a client sends, such as `veo-3-fast`.
    package var id: String
    package var name: Fact<String>
    package var kind: Fact<Kind>
    package var result: Fact<ResultSpec.Form>
    /// The time from acceptance to result on the real service, in seconds.
    package var typicalSeconds: Fact<Int>
    package var refusal: Fact<RefusalForm>
    package var verification: Fact<Verification>?
    package var aliasOf: Fact<String>?
    package var routes: [Fact<Route>]
    /// Whether a later edition takes the body without `input`, all fields at the root.
    package var takesRootOnly: Fact<Bool>?
    /// The most reference images or videos in one request, over all keys that carry them.
    package var maxReferences: Fact<Int>?
    package var zipName: Fact<String>?
    /// Files per task without references, and with them.
    package var count: Fact<Int>?
    package var countWithReferences: Fact<Int>?
    /// The shape of the result when no parameter gives it.
    package var ratio: Fact<String>?
    package var resolution: Fact<String>?
    package var seconds: Fact<Int>?
    package var sound: Fact<Bool>?
    package var transparent: Fact<Bool>?
    /// The length in seconds that media which is never fetched is taken to have (contract, CR-4).
    package var mediaSeconds: Fact<Int>?
    package var notes: Fact<String>?
    package var parameters: [Parameter]
    package var price: PriceRule

    package func parameter(_ key: String) -> Parameter? {
        parameters.first { $0.key == key }
    }
}

/// How a request is priced: the rows of the published table and what selects each.
package struct PriceRule: Sendable, Hashable {
    package enum Unit: Sendable, Hashable {
        /// One row, once.
        case task
        /// The row for each started second.
        case second(Seconds)
        /// The row for each started block of characters of a key.
        case block(key: String, characters: Int)
    }

    package enum Seconds: Sendable, Hashable {
        case parameter(key: String)
        /// The model's `mediaSeconds`.
        case media
        /// Frames over frames per second.
        case frames(key: String, rateKey: String)
    }

    package struct Row: Sendable, Hashable {
        /// The label as published, `—` for the unlabelled.
        package var unit: String
        /// Whole credits, not negative.
        package var credits: Int64
        package var from: Provenance
        package var conditions: [Condition]
        package var conditionsFrom: Provenance
    }

    package struct Condition: Sendable, Hashable {
        package enum Subject: Sendable, Hashable {
            case parameter(key: String)
            /// Any parameter that carries reference media.
            case references
        }

        package enum Test: Sendable, Hashable {
            case oneOf([Scalar])
            case present(Bool)
            case sum(Double)
        }

        package var subject: Subject
        package var test: Test
    }

    package var unit: Unit
    package var unitFrom: Provenance
    package var secondsFrom: Provenance?
    /// At most 32, in the order of the published table.
    package var rows: [Row]
}
