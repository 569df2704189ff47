internal import ClipriseEngine
internal import ClipriseWire

extension AnswerEdition.Verification {
    /// What a run found of a server, in a line.
    var line: String {
        let told = Self.words(clauses)
        return "verified on \(day.printable) by conformance against \(server.printable): "
            + (told.isEmpty ? "nothing could be verified" : told)
    }

    /// What was found with a model; nil when nothing was tried with it.
    func words(for model: String) -> String? {
        let told = Self.words(models[model] ?? [])
        return told.isEmpty ? nil : told
    }

    private static func words(_ clauses: [Found]) -> String {
        ["same", "differs"].compactMap { verdict in
            let mine = clauses.filter { $0.verdict == verdict }.map(\.clause.printable)
            guard !mine.isEmpty else { return nil }
            return "\(mine.joined(separator: ", ")) \(verdict == "differs" && mine.count > 1 ? "differ" : verdict)"
        }.joined(separator: "; ")
    }
}
