internal import ClipriseAdmin
internal import ClipriseBundle
internal import ClipriseCatalog
internal import ClipriseClient
internal import ClipriseEngine
internal import ClipriseJSON
internal import ClipriseJournal
internal import ClipriseReport
internal import ClipriseScenario
internal import ClipriseSimulator
internal import ClipriseWire
internal import Spoiling

extension FuzzedReader {
    /// Every reader of what comes from outside.
    ///
    /// - Throws: When a sound input cannot be made.
    package static func all() throws -> [FuzzedReader] {
        let catalog = try Catalog.builtIn()
        return [
            try bodies(catalog), try scenarios(catalog), policies, catalogues(catalog), try journals(catalog),
            try bundles(catalog), try snapshots(catalog), admin(catalog), queries(catalog),
            try heads(), try StateReader.reader(catalog),
        ]
    }

    private static func bodies(_ catalog: Catalog) throws -> FuzzedReader {
        let text = file("fixtures/prices/requests.json") ?? []
        let found = withJSON(text) { json in json.elements.compactMap { $0[key: "body"].map { Tree($0).bytes } } }
        let policies = [
            CheckPolicy(isStrict: false, requiresOptions: false), CheckPolicy(isStrict: true, requiresOptions: true),
        ]
        return FuzzedReader("body", .json, corpus: try found.get()) { input in
            var isTaken = false
            for policy in policies {
                let outcome = catalog.check(input, policy: policy)
                if case .success = outcome { isTaken = true }
                // The second time it comes in a form that is known.
                let forms = BodyForms()
                for _ in 0..<2 {
                    precondition(
                        catalog.check(input, policy: policy, forms: forms) == outcome, "a form changes a check")
                }
            }
            _ = JSONLocator(input).firstError()
            return isTaken
        }
    }

    private static func scenarios(_ catalog: Catalog) throws -> FuzzedReader {
        let corpus = try ScenarioLibrary.names.map { try ScenarioLibrary.text(named: $0) }
        return FuzzedReader("scenario", .text, corpus: corpus) { input in
            guard let scenario = try? Scenario(yaml: input, source: "input.yaml") else {
                // The same reading once more, for whoever wants to know all that is wrong.
                if isOneIn(8, input) { _ = Scenario.problems(inYAML: input, source: "input.yaml") }
                return false
            }
            let mock = Mock(catalog, scenarios: [scenario])
            mock.use(orders: 2)
            if isOneIn(8, input) { mock.export() }
            return true
        }
    }

    private static var policies: FuzzedReader {
        let corpus = [
            """
            name: mine
            on: exponential
            base: 500ms
            throttled_base: 2s
            poll_base: 1s
            cap: 30s
            factor: 2.5
            jitter: full
            max_attempts: 7
            deadline: 10m
            request_timeout: 20s
            retry_after_cap: 60s
            honours_retry_after: true
            resends_unknown: false
            retries_refusals: false
            budget: {tokens: 100, cost: 5, throttled_cost: 10, plain_refund: 1}
            """, #"{"name": "none", "budget": "none", "jitter": "decorrelated", "factor": 1}"#,
        ]
        return FuzzedReader("policy", .text, corpus: corpus.map { Array($0.utf8) }) { input in
            (try? RetryPolicy(yaml: input, source: "input.yaml")) != nil
        }
    }

    private static func catalogues(_ catalog: Catalog) -> FuzzedReader {
        FuzzedReader("catalogue", .json, corpus: catalog.sources) { input in
            do throws(CatalogError) {
                let own = try Catalog(files: [(name: "input.json", text: input)])
                for body in [Mock.order, #"{"model":"\#(own.models[0].id)","input":{"prompt":"x","duration":"5"}}"#] {
                    _ = own.check(Array(body.utf8), policy: CheckPolicy(isStrict: false, requiresOptions: false))
                }
                return true
            } catch {
                _ = error.description
                return false
            }
        }
    }

    private static func journals(_ catalog: Catalog) throws -> FuzzedReader {
        let scenario = try ScenarioLibrary.load(named: "storm")
        let mock = Mock(catalog, scenarios: [scenario])
        // One of each kind of line: what is small is spoilt at more of its places.
        mock.use(orders: 2)
        mock.answer("POST /__admin/accounts/test-key/credits", Array(#"{"amount":50}"#.utf8))
        let text = mock.answer("GET /__admin/requests?format=jsonl").body
        return FuzzedReader("journal", .lines, corpus: [text]) { input in
            do throws(JournalLinesError) {
                let views = try JournalLines.read(input)
                for expectations in [[], scenario.expectations] {
                    let report = Grade.report(of: views, expectations: expectations)
                    guard isOneIn(4, input) else { continue }
                    _ = (report.text(), report.json, report.junit, report.markdown, report.gitHubAnnotations)
                }
                if isOneIn(4, input) { _ = (HAR.write(views, version: "0"), JournalLines.write(views)) }
                return true
            } catch {
                _ = error.description
                return false
            }
        }
    }

    private static func bundles(_ catalog: Catalog) throws -> FuzzedReader {
        var corpus: [[UInt8]] = []
        for (name, pace) in [("storm", EngineSettings.Pace.scaled(0.01)), ("lost-reply", .pleasant)] {
            let settings = EngineSettings(seed: 3, hostGate: .loopback, pace: pace)
            let text = try ScenarioLibrary.text(named: name)
            var header = Bundle.Header()
            (header.version, header.settings) = ("0", settings)
            header.scenarios = [.init(name: "\(name).yaml", text: text)]
            (header.keepsClocks, header.isOpen) = (true, true)
            header.catalogue = catalog.contentHash
            header.accounts = [.init(key: Array("test-key".utf8), credits: 500)]
            (header.port, header.wallAtZero) = (8_080, 1_700_000_000_000_000_000)
            var writer = BundleWriter(header)
            for second in 1...6 {
                let isOrder = second % 2 == 1
                let request = Request(
                    method: isOrder ? .post : .get,
                    target: Array(
                        (isOrder ? "/app/cliprise/generate" : "/app/cliprise/status?apiKey=test-key&taskId=x").utf8),
                    fields: HeaderFields([
                        ("Host", Contract.host.description), ("Authorization", "Bearer test-key"),
                        ("Content-Type", "application/json"),
                    ]), body: isOrder ? Array(Mock.order.utf8) : [])
                writer.note(
                    key: Array("test-key".utf8), request: request, at: .seconds(Int64(second)),
                    answer: ResponsePlan(status: 200))
            }
            let before = writer.take() + BundleWriter.changeByHand(key: Array("test-key".utf8), at: .seconds(9))
            writer.end()
            corpus.append(before + writer.take())
        }
        return FuzzedReader("bundle", .lines, corpus: corpus) { input in
            do throws(BundleError) {
                let bundle = try Bundle(input, file: "input.jsonl")
                // A scenario that cannot be read is refused here.
                _ = try? Replay.run(bundle, catalog: catalog, version: "0")
                return true
            } catch {
                _ = error.description
                return false
            }
        }
    }

    private static func snapshots(_ catalog: Catalog) throws -> FuzzedReader {
        var corpus: [[UInt8]] = []
        let worlds = try ["storm", "callbacks-chaos", "rate-limit"].compactMap { name in
            ScenarioLibrary.names.contains(name) ? try ScenarioLibrary.load(named: name) : nil
        }
        for world in worlds {
            let mock = Mock(catalog, scenarios: [world])
            mock.use(orders: 2)
            corpus.append(mock.answer("POST /__admin/snapshot").body)
        }
        return FuzzedReader("snapshot", .json, corpus: corpus) { input in
            let mock = Mock(catalog, scenarios: worlds, journalLimit: 100)
            guard mock.answer("POST /__admin/restore", input).status == 200 else { return false }
            mock.use(orders: 1)
            mock.answer("POST /__admin/accounts/test-key/clock", Array(#"{"run":"until-idle"}"#.utf8))
            if isOneIn(8, input) { mock.export() }
            return true
        }
    }

    private static func admin(_ catalog: Catalog) -> FuzzedReader {
        let bodies: [(line: String, body: String)] = [
            ("POST /__admin/accounts", #"{"key":"k2","credits":5,"scenario":"storm"}"#),
            ("POST /__admin/accounts/test-key/credits", #"{"amount":5}"#),
            ("POST /__admin/accounts/test-key/clock", #"{"advance":"10s"}"#),
            ("POST /__admin/accounts/test-key/clock", #"{"mode":"virtual","tickPerPoll":"5s","delays":"pass"}"#),
            ("PUT /__admin/accounts/test-key/scenario", #"{"name":"storm"}"#),
            ("POST /__admin/rules", #"{"rule":{"name":"r","when":{"operation":"status"},"fault":503},"ttl":"5m"}"#),
            ("POST /__admin/rules/fire", #"{"account":"test-key","fault":{"latency":"2s"},"phase":"before"}"#),
            ("POST /__admin/verify", #"{"expect":[{"requests":{"at_most":5}},"no_double_charge"]}"#),
            ("POST /__admin/grade", #"{"account":"test-key"}"#),
        ]
        // Each line is an object with the request line beside its body, so that both are spoilt.
        let corpus = bodies.map { Array(#"{"line":"\#($0.line)","body":\#($0.body)}"#.utf8) }
        return FuzzedReader("admin", .json, corpus: corpus) { input in
            let parts = try? withJSON(input) { json in
                (line: json[key: "line"]?.string ?? bodies[0].line, body: json[key: "body"].map { Tree($0).bytes })
            }.get()
            let mock = Mock(catalog, scenarios: [])
            mock.answer("POST /app/cliprise/generate", Array(Mock.order.utf8))
            let status = mock.answer(parts?.line ?? bodies[0].line, parts?.body ?? input).status
            let isTaken = (200..<300).contains(status)
            // What was refused changed nothing; now and then that is looked at.
            if isTaken || isOneIn(8, input) { mock.use(orders: 1) }
            return isTaken
        }
    }

    private static func heads() throws -> FuzzedReader {
        let reader = try HeadReader()
        return FuzzedReader("head", .requests, corpus: SpoiltRequest.sound, width: 128) { reader.read($0) }
    }

    private static func queries(_ catalog: Catalog) -> FuzzedReader {
        let lines = [
            "GET /__admin/accounts?start=1&limit=5",
            "GET /__admin/accounts/test-key/journal?after=1&status=200&limit=3",
            "GET /__admin/requests?operation=generate&clause=GEN-11&task=1&start=0&limit=10",
            "GET /__admin/accounts/test-key/ledger?start=3&limit=100000", "DELETE /__admin/rules/0?account=test-key",
            "POST /__admin/reset?scope=journal&account=test-key", "GET /__admin/requests/wait?count=1&timeout=1ms",
            "GET /app/cliprise/status?apiKey=test-key&taskId=00000000000000ab00000000000000cd&download=true",
            "DELETE /__admin/accounts/test-key",
        ]
        return FuzzedReader("query", .text, corpus: lines.map { Array($0.utf8) }) { input in
            let mock = Mock(catalog, scenarios: [])
            mock.use(orders: 1)
            return mock.answer(String(decoding: input, as: UTF8.self)).status == 200
        }
    }
}
