/// The language as a JSON Schema (draft 2020-12), for editors and for others who check files.
public enum ScenarioSchema {
    /// The whole schema, made from the forms that the loader reads by.
    ///
    /// It knows each value by itself. What spans values (an order of two numbers, names that must exist, a phase beside
    /// the fault that it does not suit, `schema` as the first key, duplicate keys) only the loader knows.
    public static let text = Forms.scenario.schema.document(title: "A scenario of cliprise-mock (\(Forms.edition))")
}
