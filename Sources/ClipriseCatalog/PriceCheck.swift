internal import ClipriseJSON

/// A price rule whose conditions are masks of rows: bit n stands for row n.
///
/// A class, since a copy of a struct would count its references.
final class PriceCheck: Sendable {
    struct Quote {
        var row: Int
        var multiplier: Int64
        var credits: Int64
    }

    private struct Choice: Sendable {
        var test: PriceRule.Test
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

    /// What a selector selects by a value of the parameter's list, or by what is taken when nothing is given.
    private struct Quick: Sendable {
        /// Negative stands for reference media.
        var parameter: Int
        /// By the values of the list; for reference media by whether there are none or some.
        var rows: [UInt32]
        var fallback: UInt32
        var indifferent: UInt32
    }

    private enum Unit: Sendable {
        case task
        case parameterSeconds(fallback: Int64)
        case mediaSeconds(Int64)
        case frames
        case block(Int, characters: Int)
    }

    private let selectors: [Selector]
    /// One for each selector.
    private let quick: FixedTable<Quick>
    /// Of the parameters that the unit reads.
    private let numbers: ReadingTable<Double>
    private let rows: FixedTable<PriceRule.Row>
    private let unit: Unit

    init(_ model: Model) {
        rows = FixedTable(model.price.rows)
        func position(_ key: String) -> Int {
            model.parameters.firstIndex { $0.key == key } ?? 0
        }
        var read: [Int] = []
        switch model.price.unit {
        case .task: unit = .task
        case .second(.parameter(let key)):
            read = [position(key)]
            unit = .parameterSeconds(fallback: Int64(model.seconds?.value ?? 1))
        case .second(.media): unit = .mediaSeconds(Int64(model.mediaSeconds?.value ?? 1))
        case .second(.frames(let key, let rate)):
            read = [position(key), position(rate)]
            unit = .frames
        case .block(let key, let characters): unit = .block(position(key), characters: characters)
        }
        numbers = ReadingTable(model.parameters, at: read) { $0.number }
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
        let quick = selectors.map { selector in
            guard let parameter = selector.parameter else {
                let rows = [Effective.absent, .fixed(.boolean(true))].map { Self.rows(of: selector, for: $0) }
                return Quick(parameter: -1, rows: rows, fallback: 0, indifferent: selector.indifferent)
            }
            let (list, fallback) = (model.parameters[parameter].allowed, model.parameters[parameter].defaultValue)
            return Quick(
                parameter: parameter, rows: list?.value.map { Self.rows(of: selector, for: .fixed($0)) } ?? [],
                fallback: Self.rows(of: selector, for: fallback.map { .fixed($0.value) } ?? .absent),
                indifferent: selector.indifferent)
        }
        self.quick = FixedTable(quick)
    }

    deinit {
        quick.deallocate()
        rows.deallocate()
        numbers.deallocate()
    }

    /// Whether the value of a parameter decides anything.
    func reads(_ parameter: Int) -> Bool {
        if case .block(parameter, _) = unit { return true }
        return numbers.reads(parameter) || selectors.contains { $0.parameter == parameter }
    }

    /// The rows whose conditions on a parameter fit a value.
    private static func rows(of selector: Selector, for value: Effective) -> UInt32 {
        var rows: UInt32 = 0
        for choice in selector.choices where fits(value, choice.test, selector.sumKey) { rows |= choice.rows }
        return rows
    }

    /// Finds the row; a value without a row of its own is priced as its nearest, with a warning.
    func quote(_ values: EffectiveValues, hasReferences: Bool, warnings: inout WarningList) -> Quote {
        var mask = UInt32.max >> (32 - UInt32(rows.count))
        for index in quick.indices {
            let selected = quickRows(index, values, hasReferences: hasReferences)
            if let selected, selected | quick[index].indifferent != 0 {
                mask &= selected | quick[index].indifferent
                continue
            }
            let selector = selectors[index]
            let value =
                selector.parameter.map { values[$0] } ?? (hasReferences ? .fixed(.boolean(true)) : .absent)
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

    /// Nil for a value that stands in no table.
    private func quickRows(_ index: Int, _ values: EffectiveValues, hasReferences: Bool) -> UInt32? {
        let parameter = quick[index].parameter
        if parameter < 0 { return quick[index].rows[hasReferences ? 1 : 0] }
        return switch values.source(of: parameter) {
        case .choice(let choice): quick[index].rows[choice]
        case .fallback: quick[index].fallback
        case .other: nil
        }
    }

    private func rowsSelected(by value: Effective, _ selector: Selector, _ warnings: inout WarningList) -> UInt32 {
        let selected = Self.rows(of: selector, for: value)
        guard selected == 0, selector.indifferent == 0 else { return selected }
        let nearest = nearestChoice(to: value, selector)
        let given = value.scalar.map { "\(String(quoting: $0.description)) " } ?? ""
        warnings.add(
            Warning(
                key: selector.key, problem: "\(given)has no price of its own; priced as \(nearest.test)", from: .assumed
            ))
        return nearest.rows
    }

    private static func fits(_ value: Effective, _ test: PriceRule.Test, _ sumKey: String) -> Bool {
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
        case .parameterSeconds(let fallback):
            guard let seconds = numbers.value(0, values) else { return fallback }
            return Int64(min(max(seconds.rounded(.up), 1), 3_600))
        case .frames:
            guard let frames = numbers.value(0, values), let perSecond = numbers.value(1, values), perSecond > 0
            else { return 1 }
            return Int64(min(max((frames / perSecond).rounded(.up), 1), 3_600))
        case .block(let index, let characters):
            guard case .given(let json) = values[index], let bytes = json.utf8 else { return 1 }
            return Int64(max(1, (bytes.characterCount + characters - 1) / characters))
        }
    }
}

extension PriceRule.Test: CustomStringConvertible {
    /// The number that a choice stands for in the search for the nearest.
    var number: Double? {
        switch self {
        case .oneOf(let scalars): scalars.compactMap(\.leadingNumber).max()
        case .sum(let sum): sum
        case .present: nil
        }
    }

    public var description: String {
        switch self {
        case .oneOf(let scalars): scalars.map(\.description).joined(separator: " or ")
        case .sum(let sum): Scalar.number(sum).description
        case .present(let present): present ? "given" : "absent"
        }
    }
}
