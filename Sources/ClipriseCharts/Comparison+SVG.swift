package import ClipriseSimulator
internal import ClipriseWire

extension Comparison {
    /// All charts below each other, as one picture that stands on its own.
    package var svg: String {
        var sheet = ChartSheet(title: title, name: fleet.scenario)
        sheet.add(paragraph: fleet.about)
        sheet.add(paragraph: facts.map { "\($0.name): \($0.value)" }.joined(separator: " · "))
        sheet.add(keys: results.map(\.policy))
        for chart in charts { sheet.add(chart, below: 44) }
        return sheet.document(origin: origin)
    }

    /// Who made the report, from what.
    var origin: String {
        fleet.origin("seed \(seed)") + ". Virtual time: the same seed gives this report again, to the byte."
    }
}
