package import ClipriseSimulator
internal import ClipriseWire

extension Comparison {
    /// All charts below each other, as one picture that stands on its own.
    package var svg: String {
        var sheet = ChartSheet(title: title, name: scenario)
        sheet.add(paragraph: about)
        sheet.add(paragraph: facts.map { "\($0.name): \($0.value)" }.joined(separator: " · "))
        sheet.add(keys: results.map(\.policy))
        for chart in charts { sheet.add(chart, below: 44) }
        return sheet.document(origin: origin)
    }

    /// Who made the report, from what.
    var origin: String {
        "cliprise-mock \(version) · seed \(seed) · scenario hash \(scenarioHash.hex). Virtual time: the same seed gives "
            + "this report again, to the byte."
    }
}
