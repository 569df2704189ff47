/// Collects what is wrong with one text.
final class Findings {
    let source: String
    private(set) var errors: [ScenarioError] = []

    init(source: String) {
        self.source = source
    }

    func add(_ reason: ScenarioError.Reason, at place: Place) {
        errors.append(ScenarioError(source: source, place: place, reason: reason))
    }

    func unexpected(_ node: SourceNode, expected: String) {
        add(.unexpected(found: node.description, expected: expected), at: node.place)
    }

    /// All errors by place, those of one place in the order of their discovery, cut at the limit; nil when there is none.
    func thrown() -> ScenarioErrors? {
        guard !errors.isEmpty else { return nil }
        let inOrder = errors.enumerated().sorted { left, right in
            (left.element.place.line, left.element.place.column, left.offset)
                < (right.element.place.line, right.element.place.column, right.offset)
        }.map(\.element)
        guard inOrder.count > ScenarioErrors.limit else { return ScenarioErrors(errors: inOrder) }
        var shown = Array(inOrder.prefix(ScenarioErrors.limit))
        let place = inOrder[ScenarioErrors.limit].place
        shown.append(ScenarioError(source: source, place: place, reason: .tooMany(ScenarioErrors.limit)))
        return ScenarioErrors(errors: shown)
    }
}
