public import ClipriseForm
public import ClipriseJSON
internal import ClipriseWire

/// Why a catalogue could not be loaded; says where, and what was expected.
public enum CatalogError: Error, Sendable, Hashable {
    /// A file is no JSON text.
    case notJSON(file: String, place: TextPlace, reason: String)
    /// A value is missing, unknown or not of the right kind. The path begins at the model, and ends before a key that is
    /// none of a parameter.
    case faulty(file: String, place: TextPlace, RecordError)
    /// Two files describe one id.
    case duplicateID(id: String, file: String, firstFile: String)
    /// A file could not be read; `reason` is the system's text.
    case unreadable(file: String, reason: String)
    /// There is no model at all.
    case noModels(folder: String)
}

extension CatalogError: CustomStringConvertible {
    /// One line that is safe to show.
    public var description: String { text.printable }

    private var text: String {
        switch self {
        case .notJSON(let file, let place, let reason): "\(file):\(place): \(reason)"
        case .faulty(let file, let place, let error): "\(file):\(place): \(error.inCatalogue)"
        case .duplicateID(let id, let file, let firstFile): "\(file): \"\(id)\" is already taken by \(firstFile)"
        case .unreadable(let file, let reason): "\(file): \(reason)"
        case .noModels(let folder): "\(folder): no model files (*.json) here"
        }
    }
}

extension RecordError {
    /// `parameters[3].documented.enum: expected …`.
    fileprivate var inCatalogue: String {
        var steps = path
        let problem: String
        switch reason {
        case .unknown(let near):
            guard case .key(let key)? = steps.popLast() else { return steps.text }
            problem = "unknown key \"\(key)\"" + (near.map { "; did you mean \"\($0)\"?" } ?? "")
        case .said(let words): problem = words
        case .word(let word?, let known): problem = reason.inCatalogue + Spelling.hint(for: word, in: known)
        case .repeated: problem = reason.inCatalogue + (path.last.map { ", but \"\([$0].text)\" stands twice" } ?? "")
        case .integer(let range, found: _): problem = Reason.integer(range, found: range.lowerBound).inCatalogue
        default: problem = reason.inCatalogue
        }
        return steps.isEmpty ? problem : "\(steps.text): \(problem)"
    }
}

extension RecordError.Reason {
    fileprivate var inCatalogue: String { "expected " + expectation((text: "a text", array: "an array")) }
}
