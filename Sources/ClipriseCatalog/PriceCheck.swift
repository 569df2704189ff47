internal import ClipriseJSON

/// A price rule whose conditions are masks of rows: bit n stands for row n.
struct PriceCheck: Sendable {
    struct Quote {
        var row: Int
        var multiplier: Int64
        var credits: Int64
    }

    private struct Choice: Sendable {
        var test: PriceRule.Condition.Test
        var rows: UInt32
    }

    private struct Selector: Sendable {
        /// Nil stands for reference media.
        var parameter: Int?
        var key: String
        /// The number that is added up over the items of a list.
        var sumKey: String
        var choices: [Choice]
        /// The rows that do not ask for this.
        var indifferent: UInt32
    }

    private enum Unit: Sendable {
        case task
        case parameterSeconds(Int, fallback: Int64)
        case mediaSeconds(Int64)
        case frames(Int, rate: Int)
        case block(Int, characters: Int)
    }

    private let selectors: [Selector]
    private let rows: [PriceRule.Row]
    private let unit: Unit

    init(_ model: Model) {
        rows = model.price.rows
        func position(_ key: String) -> Int {
            model.parameters.firstIndex { $0.key == key } ?? 0
        }
        switch model.price.unit {
        case .task: unit = .task
        case .second(.parameter(let key)):
            unit = .parameterSeconds(position(key), fallback: Int64(model.seconds?.value ?? 1))
        case .second(.media): unit = .mediaSeconds(Int64(model.mediaSeconds?.value ?? 1))
        case .second(.frames(let key, let rate)): unit = .frames(position(key), rate: position(rate))
        case .block(let key, let characters): unit = .block(position(key), characters: characters)
        }
        var selectors: [Selector] = []
        let all = UInt32.max >> (32 - UInt32(rows.count))
        for (index, row) in rows.enumerated() {
            for condition in row.conditions {
                let (key, parameter): (String, Int?) =
                    switch condition.subject {
                    case .references: ("references", nil)
                    case .parameter(let key): (key, position(key))
                    }
                let at = selectors.firstIndex { $0.key == key } ?? selectors.count
                if at == selectors.count {
                    let sumKey = parameter.flatMap { model.parameters[$0].itemsSum?.value.key } ?? ""
                    selectors.append(
                        Selector(parameter: parameter, key: key, sumKey: sumKey, choices: [], indifferent: all))
                }
                selectors[at].indifferent &= ~(1 << UInt32(index))
                if let known = selectors[at].choices.firstIndex(where: { $0.test == condition.test }) {
                    selectors[at].choices[known].rows |= 1 << UInt32(index)
                } else {
                    selectors[at].choices.append(Choice(test: condition.test, rows: 1 << UInt32(index)))
                }
            }
        }
        self.selectors = selectors
    }

    /// Finds the row; a value without a row of its own is priced as its nearest, with a warning.
    func quote(_ values: EffectiveValues, hasReferences: Bool, warnings: inout WarningList) -> Quote {
        var mask = UInt32.max >> (32 - UInt32(rows.count))
        for selector in selectors {
            let value: Effective
            if let parameter = selector.parameter {
                value = values[parameter]
            } else {
                value = hasReferences ? .fixed(.boolean(true)) : .absent
            }
            mask &= rowsSelected(by: value, selector, &warnings) | selector.indifferent
        }
        let row: Int
        if mask == 0 {
            row = 0
            warnings.add(
                Warning(key: "price", problem: "has no row for these values; the first is taken", from: .assumed))
        } else {
            row = mask.trailingZeroBitCount
        }
        let multiplier = multiplier(values)
        return Quote(row: row, multiplier: multiplier, credits: rows[row].credits * multiplier)
    }

    private func rowsSelected(by value: Effective, _ selector: Selector, _ warnings: inout WarningList) -> UInt32 {
        var selected: UInt32 = 0
        for choice in selector.choices where fits(value, choice.test, selector.sumKey) { selected |= choice.rows }
        guard selected == 0, selector.indifferent == 0 else { return selected }
        let nearest = nearestChoice(to: value, selector)
        let given = value.scalar.map { "\(String(quoting: $0.description)) " } ?? ""
        warnings.add(
            Warning(
                key: selector.key, problem: "\(given)has no price of its own; priced as \(nearest.test)", from: .assumed
            ))
        return nearest.rows
    }

    private func fits(_ value: Effective, _ test: PriceRule.Condition.Test, _ sumKey: String) -> Bool {
        switch (test, value) {
        case (.present(let wanted), .absent): !wanted
        case (.present(let wanted), _): wanted
        case (.sum(let wanted), .given(let json)): json.sum(of: sumKey) == wanted
        case (.sum, _): false
        case (.oneOf(let scalars), _): scalars.contains { value.fits($0) }
        }
    }

    /// The least choice that is not below a number; the greatest when all are; the first for what is no number.
    private func nearestChoice(to value: Effective, _ selector: Selector) -> Choice {
        let wanted: Double? =
            switch value {
            case .given(let json) where json.kind == .array: json.sum(of: selector.sumKey)
            default: value.number ?? value.scalar?.leadingNumber
            }
        guard let wanted else { return selector.choices[0] }
        var best: (number: Double, choice: Choice)?
        for choice in selector.choices {
            guard let number = choice.test.number else { continue }
            let isNearer =
                if let best {
                    best.number < wanted ? number > best.number : number >= wanted && number < best.number
                } else {
                    true
                }
            if isNearer { best = (number, choice) }
        }
        return best?.choice ?? selector.choices[0]
    }

    private func multiplier(_ values: EffectiveValues) -> Int64 {
        switch unit {
        case .task: return 1
        case .mediaSeconds(let seconds): return seconds
        case .parameterSeconds(let index, let fallback):
            guard let seconds = values[index].number else { return fallback }
            return Int64(min(max(seconds.rounded(.up), 1), 3_600))
        case .frames(let index, let rate):
            guard let frames = values[index].number, let perSecond = values[rate].number, perSecond > 0 else {
                return 1
            }
            return Int64(min(max((frames / perSecond).rounded(.up), 1), 3_600))
        case .block(let index, let characters):
            guard case .given(let json) = values[index], let bytes = json.utf8 else { return 1 }
            return Int64(max(1, (bytes.characterCount + characters - 1) / characters))
        }
    }
}

extension PriceRule.Condition.Test: CustomStringConvertible {
    /// The number that a choice stands for in the search for the nearest.
    var number: Double? {
        switch self {
        case .oneOf(let scalars): scalars.compactMap(\.leadingNumber).max()
        case .sum(let sum): sum
        case .present: nil
        }
    }

    package var description: String {
        switch self {
        case .oneOf(let scalars): scalars.map(\.description).joined(separator: " or ")
        case .sum(let sum): Scalar.number(sum).description
        case .present(let present): present ? "given" : "absent"
        }
    }
}
