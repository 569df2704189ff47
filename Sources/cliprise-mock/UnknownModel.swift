internal import ArgumentParser
internal import ClipriseWire

/// What happens to a model that is not in the catalogue.
enum UnknownModel: String, ExpressibleByArgument, CaseIterable {
    /// Answered with `invalid_model_id`.
    case refuse
    /// Taken at no price, with a warning.
    case warn

    /// What holds when nothing is said: later editions have models that the catalogue does not.
    static func usual(_ profile: ContractProfile) -> UnknownModel { profile == .later ? .warn : .refuse }
}
