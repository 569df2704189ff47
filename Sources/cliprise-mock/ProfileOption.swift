internal import ArgumentParser
internal import ClipriseConformance
internal import ClipriseEngine
internal import ClipriseWire

/// What `--profile` names: an edition, or a file that `conformance --write-profile` wrote.
struct ProfileOption: ExpressibleByArgument, Hashable {
    /// Nil for a file, which says it.
    private var word: ContractProfile?
    private(set) var file: String?

    init(_ edition: ContractProfile) { word = edition }

    /// - Parameter argument: The name of an edition; what has a dot or a slash is a file.
    init?(argument: String) {
        word = ContractProfile(rawValue: argument)
        guard word == nil else { return }
        guard argument.contains("/") || argument.hasSuffix(".json") else { return nil }
        file = argument
    }

    static var allValueStrings: [String] { ContractProfile.allCases.map(\.rawValue) }

    var defaultValueDescription: String { word?.rawValue ?? file ?? "" }

    /// Sets the edition and its answers; reads the file, if it is one.
    func apply(to settings: inout EngineSettings) throws {
        if let word { settings.profile = word }
        guard let profile = try load() else { return }
        settings.profile = profile.base
        settings.answers = profile.edition
    }

    /// The file's profile; nil for an edition.
    func load() throws -> ProfileFile? {
        guard let file else { return nil }
        return try ProfileFile(try readFile(file, limit: 4 << 20, mustBeFile: true), file: file)
    }
}

/// The profile in a file; nil for none.
func loadProfile(_ file: String?) throws -> ProfileFile? {
    guard let file else { return nil }
    return try (ProfileOption(argument: file.contains("/") ? file : "./\(file)"))?.load()
}
