package import ClipriseCatalog
internal import ClipriseEngine

extension Catalog {
    /// A hash of all that answers can depend on: models, lengths, forms, parameters and prices. The same on every machine.
    package var fingerprint: UInt64 {
        var hash: UInt64 = 0x6361_7461
        func add(_ text: String) { hash = Draw.mix(hash, text.utf8) }
        for model in models {
            add("\(model.id) \(model.kind.value) \(model.result.value) \(model.typicalSeconds.value) \(model.refusal.value)")
            for parameter in model.parameters {
                add(parameter.key)
                add("\(parameter.place.value) \(parameter.required?.value ?? false)")
                add((parameter.allowed?.value ?? []).map(\.description).joined(separator: "|"))
                add("\(parameter.minimum?.value ?? 0) \(parameter.maximum?.value ?? 0) \(parameter.maxLength?.value ?? 0)")
            }
            for row in model.price.rows { add("\(row.unit) \(row.credits)") }
        }
        return hash
    }
}
