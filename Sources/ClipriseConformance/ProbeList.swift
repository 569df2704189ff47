internal import ClipriseCatalog
internal import ClipriseOpenAPI
internal import ClipriseWire

/// The requests that tell one server from another, the free ones first.
struct ProbeList {
    /// The account's key; nil when there is none, and no probe that needs it.
    let key: String?
    /// The `Host` that the server answers to.
    let host: String
    let catalog: Catalog

    /// A key that no server has given out.
    static let strangeKey = "cliprise-mock-conformance-no-such-key"
    static let strangeModel = "cliprise-mock-no-such-model"
    static let strangeTask = String(repeating: "0", count: 32)
    static let strangeHost = "cliprise-mock-conformance.invalid"
    private static let callBackURL = "https://your-service.example.com/webhooks/cliprise"

    private let generatePath = "\(Contract.generatePath)"
    private let statusPath = "\(Contract.statusPath)"

    /// What costs nothing anywhere: each lacks something without which no server can start a job, or breaks so many
    /// rules that none would.
    var free: [Probe] { open + (key.map(keyed) ?? []) }

    private var open: [Probe] {
        [
            Probe(
                .host1, "generate with another Host", .post, generatePath,
                fields: jsonFields(bearer: Self.strangeKey, host: Self.strangeHost), body: "{}"),
            Probe(.host2, "status with another Host", .get, statusPath, fields: [("Host", Self.strangeHost)]),
            Probe(
                .http1, "an unknown path", .get, "/app/cliprise/cliprise-mock-no-such-path", fields: [("Host", host)]),
            Probe(.http1, "GET on generate", .get, generatePath, fields: [("Host", host)]),
            Probe(
                .http1, "POST on status", .post, statusPath, fields: jsonFields(bearer: Self.strangeKey), body: "{}"),
            Probe(.gen1, "generate without a key", .post, generatePath, fields: jsonFields(bearer: nil), body: "{}"),
            Probe(
                .gen1, "generate with a key in another scheme", .post, generatePath,
                fields: jsonFields(bearer: nil) + [("Authorization", "Basic bm86a2V5")], body: "{}"),
            Probe(
                .gen1, "generate with an unknown key", .post, generatePath, fields: jsonFields(bearer: Self.strangeKey),
                body: "{}"),
            Probe(
                .sta1, "status without a key", .get, "\(statusPath)?taskId=\(Self.strangeTask)",
                fields: [("Host", host)]),
            Probe(
                .sta1, "status with an unknown key", .get,
                "\(statusPath)?apiKey=\(Self.strangeKey)&taskId=\(Self.strangeTask)", fields: [("Host", host)]),
        ] + told
    }

    /// Ways of asking that count as the usual one; what else a server answers to them belongs to no clause of theirs.
    private var told: [Probe] {
        let query = "?apiKey=\(Self.strangeKey)&taskId=\(Self.strangeTask)"
        let (name, port) = (host.uppercased(), host.contains(":") ? "" : ":443")
        return [
            Probe(
                .host3, "status with the Host in capitals and with a port", .get, statusPath + query,
                fields: [("Host", name + port)]),
            Probe(
                .http4, "status with a slash at the end of its path", .get, "\(statusPath)/\(query)",
                fields: [("Host", host)]),
        ].map { probe in
            var probe = probe
            probe.isOnlyTold = true
            return probe
        }
    }

    private func keyed(_ key: String) -> [Probe] {
        func generate(_ clause: Clause, _ title: String, _ body: String, about model: String? = nil) -> Probe {
            var probe = Probe(
                clause, title, .post, generatePath, fields: jsonFields(bearer: key), body: body, usesKey: true)
            probe.model = model
            return probe
        }
        let url = Self.callBackURL
        // Four broken rules beside the one in question: where one of them is not looked at, another one is.
        let broken = #"{"prompt":7,"image_size":"cliprise-mock-no-such-size","output_format":"none","seed":"none"}"#
        return [
            Probe(
                .sta1, "status with the key in a Bearer field", .get, "\(statusPath)?taskId=\(Self.strangeTask)",
                fields: [("Host", host), ("Authorization", "Bearer \(key)")], usesKey: true),
            Probe(
                .sta2, "status of an unknown task", .get,
                "\(statusPath)?apiKey=\(String(percentEncoded: key.utf8))&taskId=\(Self.strangeTask)",
                fields: [("Host", host)], usesKey: true),
            Probe(
                .sta2, "status without a task", .get, "\(statusPath)?apiKey=\(String(percentEncoded: key.utf8))",
                fields: [("Host", host)], usesKey: true),
            generate(.gen2, "a body that is no JSON", #"{"model":"#),
            generate(.gen2, "a body that is an array", "[]"),
            notJSON(key),
            generate(.gen3, "an unknown model and nothing else", #"{"model":"\#(Self.strangeModel)"}"#),
            generate(.gen5, "no model", #"{"callBackUrl":"\#(url)","input":{}}"#),
            generate(.gen5, "no callBackUrl", #"{"model":"qwen-image-2","input":{}}"#),
            generate(.gen5, "no input", #"{"model":"qwen-image-2","callBackUrl":"\#(url)"}"#),
            generate(.gen5, "an empty input", #"{"model":"qwen-image-2","callBackUrl":"\#(url)","input":{}}"#),
            generate(
                .gen6, "a callBackUrl without TLS",
                #"{"model":"qwen-image-2","callBackUrl":"http://your-service.example.com/","input":\#(broken)}"#),
            generate(
                .gen6, "a callBackUrl that is no URL",
                #"{"model":"qwen-image-2","callBackUrl":"not a url","input":\#(broken)}"#),
            generate(
                .gen7, "values that break the rules of the model",
                #"{"model":"qwen-image-2","callBackUrl":"\#(url)","input":\#(broken)}"#, about: "qwen-image-2"),
            generate(
                .gen7, "the same for a model that the reference saw answer with nothing",
                #"{"model":"flux-2","callBackUrl":"\#(url)","input":{"prompt":7,"resolution":"none","aspectRatio":7}}"#,
                about: "flux-2"),
        ]
    }

    /// Beside its type the body lacks what no job starts without.
    private func notJSON(_ key: String) -> Probe {
        var probe = Probe(
            .http5, "JSON that does not say so", .post, generatePath,
            fields: [("Host", host), ("Content-Type", "text/plain"), ("Authorization", "Bearer \(key)")],
            body: #"{"model":"qwen-image-2","callBackUrl":"\#(Self.callBackURL)","input":{}}"#, usesKey: true)
        probe.isOnlyTold = true
        return probe
    }

    /// What a server that is less strict than the contract would start a job for, and charge.
    var staked: [Probe] {
        guard let key else { return [] }
        var probes: [Probe] = []
        func add(_ clause: Clause, _ title: String, _ id: String, _ change: (inout JSONTree) -> Void) {
            guard let model = catalog.model(id) else { return }
            let row = cheapestRow(of: model)
            var body = ExampleBody.of(model, row: row)
            change(&body)
            var probe = Probe(
                clause, title, .post, generatePath, fields: jsonFields(bearer: key), body: body.compact,
                stake: price(ExampleBody.of(model, row: row)), usesKey: true)
            probe.model = id
            probe.isPriceAssumed = model.isPriceAssumed(row: row)
            probes.append(probe)
        }
        add(.gen8, "gpt-image-1 without its prompt at the root", "gpt-image-1") { $0["prompt"] = nil }
        add(.gen9, "options as an object", "seedance-v1") { $0["options"] = ["model": 0] }
        for model in catalog.models where model.verification?.value == .emptyBody {
            add(.pro2, "\(model.id) with a right body", model.id) { _ in }
        }
        return probes
    }

    /// The cheapest job that there is, to be followed to its end.
    var job: Probe? {
        guard let key else { return nil }
        let jobs = catalog.models.filter { $0.verification == nil && $0.id != Model.anyID }
            .filter { $0.price.rows.allSatisfy { $0.from == .documented } }
            .map { (model: $0.id, body: ExampleBody.of($0, row: cheapestRow(of: $0))) }
        guard let (model, body) = jobs.min(by: { price($0.body) < price($1.body) }) else { return nil }
        var probe = Probe(
            .gen11, "a right body", .post, generatePath, fields: jsonFields(bearer: key), body: body.compact,
            stake: price(body), usesKey: true)
        probe.model = model
        return probe
    }

    func poll(task: String, file: Bool) -> Probe {
        Probe(
            file ? .sta5 : .sta3, file ? "the file of the job" : "status of the job", .get,
            "\(statusPath)?apiKey=\(String(percentEncoded: (key ?? "").utf8))&taskId=\(task)"
                + (file ? "&download=true" : ""),
            fields: [("Host", host)], usesKey: true)
    }

    private func cheapestRow(of model: Model) -> Int {
        let rows = model.price.rows
        return rows.indices.min { rows[$0].credits < rows[$1].credits } ?? 0
    }

    private func price(_ body: JSONTree) -> Int64 {
        (try? catalog.check(Array(body.compact.utf8), policy: CheckPolicy()).get())?.credits ?? .max / 2
    }

    private func jsonFields(bearer: String?, host: String? = nil) -> [(name: String, value: String)] {
        [("Host", host ?? self.host), ("Content-Type", "application/json")]
            + (bearer.map { [("Authorization", "Bearer \($0)")] } ?? [])
    }
}
