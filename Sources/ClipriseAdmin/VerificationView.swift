internal import ClipriseEngine
internal import ClipriseWire

extension AnswerEdition.Verification {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("day", day)
        writer.member("server", server)
        writer.key("clauses")
        Self.write(clauses, to: &writer)
        writer.member("models") { writer in
            for (model, clauses) in models.sorted(by: { $0.key < $1.key }) {
                writer.key(text: model)
                Self.write(clauses, to: &writer)
            }
        }
    }

    private static func write(_ clauses: [Found], to writer: inout JSONWriter) {
        writer.object { writer in
            for found in clauses {
                writer.key(text: found.clause)
                writer.string(found.verdict)
            }
        }
    }
}
