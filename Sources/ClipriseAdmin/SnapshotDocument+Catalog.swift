public import ClipriseEngine
internal import ClipriseWire

extension SnapshotDocument {
    /// The accounts, with the models of their tasks by the positions of another catalogue; each key stands once.
    ///
    /// - Parameter ids: Of that catalogue, by position.
    public func accounts(in ids: [String]) throws(SnapshotBreach) -> [AccountSnapshot] {
        // Looked for once, and not for each of what may be a million tasks.
        let places = models.map { ids.firstIndex(of: $0) }
        var keys: Set<[UInt8]> = []
        var moved = accounts
        for index in moved.indices {
            let key = ShortenedKey.text(moved[index].key)
            guard keys.insert(moved[index].key).inserted else {
                throw SnapshotBreach("two accounts have the key \(key)")
            }
            for task in moved[index].tasks.indices {
                let model = moved[index].tasks[task].model
                guard places.indices.contains(model) else { throw SnapshotBreach("a task of \(key) has no model") }
                guard let place = places[model] else {
                    throw SnapshotBreach("the catalogue has no model \(String(models[model].prefix(80)).printable)")
                }
                moved[index].tasks[task].model = place
            }
        }
        return moved
    }
}
