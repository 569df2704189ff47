internal import ClipriseCatalog
internal import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// The tasks and the ledger of an account as a state file has them.
///
/// An input is how many tasks there are, each with its length before it, and then the ledger.
enum StateReader {
    static func reader(_ catalog: Catalog) throws -> FuzzedReader {
        let world = WorldScenario(try ScenarioLibrary.load(named: "storm"), models: catalog.models.ids)
        let places = Array(catalog.models.ids.indices)
        let deltas = [nil, TaskKeeping.newest(3)].compactMap { account(catalog, world, $0).takeChangesOnce(places) }
        let corpus = deltas.map(input)
        return FuzzedReader("state", .packed, corpus: corpus) { input in
            // The heads are JSON, which the reader of snapshots reads.
            deltas.contains { load(input, $0, world, catalog, places) }
        }
    }

    private static func account(_ catalog: Catalog, _ world: WorldScenario, _ keeping: TaskKeeping?) -> Account {
        var account = Account(
            key: Array("test-key".utf8), credits: 1_000, seed: 3, world: AccountWorld(world, seed: 3, at: .start),
            at: .start)
        account.keeping = keeping
        account.keepChanges()
        let engine = Engine(settings: EngineSettings(seed: 3), catalog: catalog)
        for second in 1...9 {
            let request = Request(
                method: .post, target: Array("/app/cliprise/generate".utf8), fields: HeaderFields([]),
                body: Array(Mock.order.utf8))
            let ask = Ask(engine.order(of: request, profile: .documented))
            _ = engine.decide(ask, request, for: &account, at: HostTime(.seconds(Int64(second * 4)), wall: 0))
        }
        return account
    }

    private static func input(_ delta: AccountDelta) -> [UInt8] {
        var bytes = [UInt8(delta.tasks.count)]
        var start = 0
        for task in delta.tasks {
            bytes += [UInt8(truncatingIfNeeded: task.length), UInt8(truncatingIfNeeded: task.length >> 8)]
            bytes += delta.taskBytes[start..<(start + task.length)]
            start += task.length
        }
        return bytes + delta.ledger
    }

    private static func load(
        _ input: [UInt8], _ delta: AccountDelta, _ world: WorldScenario, _ catalog: Catalog, _ places: [Int]
    ) -> Bool {
        do throws(SnapshotBreach) {
            var loading = try AccountLoading(
                delta.head, tasks: delta.sums.tasks, scenario: world, models: catalog.models,
                journal: SavedJournal(limit: 100))
            var rest = input[...]
            let count = Int(rest.popFirst() ?? 0)
            let positions = delta.tasks.map(\.position)
            for index in 0..<count {
                let length = Int(rest.popFirst() ?? 0) | Int(rest.popFirst() ?? 0) << 8
                let task = Array(rest.prefix(length))
                rest = rest.dropFirst(length)
                let position = index < positions.count ? positions[index] : index
                var breach: SnapshotBreach?
                task.withUnsafeBytes { bytes in
                    do throws(SnapshotBreach) {
                        try loading.add(task: bytes, at: position, places: places)
                    } catch {
                        breach = error
                    }
                }
                if let breach { throw breach }
            }
            var breach: SnapshotBreach?
            Array(rest).withUnsafeBytes { bytes in
                do throws(SnapshotBreach) {
                    try loading.add(ledger: bytes, first: delta.firstEntry)
                } catch {
                    breach = error
                }
            }
            if let breach { throw breach }
            use(try loading.finish(delta.sums))
            return true
        } catch {
            return false
        }
    }

    /// As a server does: time goes on, everything is looked at, money moves.
    private static func use(_ account: Account) {
        var account = account
        account.keeping = .newest(2)
        account.wake(after: .seconds(7_200), at: HostTime(.seconds(1), wall: 0))
        for position in account.positions(0..<account.keptTasks) where account.hasTask(at: position) {
            _ = account.task(at: position, at: account.lastSeen)
            _ = account.force(.failed(message: "no"), at: position, now: account.lastSeen)
        }
        _ = account.topUp(5, at: account.lastSeen)
        _ = (account.snapshot, account.takeDues(), account.nextDue)
    }
}

extension Account {
    fileprivate func takeChangesOnce(_ places: [Int]) -> AccountDelta? {
        var copy = self
        return copy.takeChanges(places: places, models: [])
    }
}
