internal import ClipriseJSON

/// A model in the form that checks bodies: keys as bytes, price conditions as bit masks.
final class ModelCheck: Sendable {
    let parameters: [ParameterCheck]
    let price: PriceCheck
    let model: Model
    /// Positions of the parameters with a role that the result's shape is read from.
    let promptAt: Int?
    let ratioAt: [Int]
    let sizeAt: [Int]
    let resolutionAt: [Int]
    let secondsAt: [Int]
    let countAt: [Int]
    let formatAt: [Int]
    let soundAt: [Int]
    let imagesAt: [Int]
    /// Positions of the parameters that may not be missing, or not without another.
    let requiredAt: [Int]
    /// What each parameter amounts to when it is not given.
    let fallbacks: [Scalar?]
    let hasOptions: Bool
    let needsTwins: Bool
    /// The shape of a result that no parameter says.
    let usualRatio: AspectRatio
    let usualSize: PictureSize

    init(_ model: Model) {
        self.model = model
        parameters = model.parameters.map(ParameterCheck.init)
        func positions(_ role: Parameter.Role) -> [Int] {
            model.parameters.indices.filter { model.parameters[$0].role == role }
        }
        promptAt = positions(.prompt).first
        ratioAt = positions(.ratio)
        sizeAt = positions(.size)
        resolutionAt = positions(.resolution)
        secondsAt = positions(.seconds)
        countAt = positions(.count)
        formatAt = positions(.format)
        soundAt = positions(.sound)
        imagesAt = positions(.images)
        requiredAt = model.parameters.indices.filter { index in
            let parameter = model.parameters[index]
            return parameter.requiredWithout != nil || parameter.required?.value ?? false
        }
        fallbacks = model.parameters.map { $0.defaultValue?.value }
        hasOptions = model.parameters.contains { $0.place.value == .options || $0.alsoIn?.value == .options }
        needsTwins = model.parameters.contains { $0.place.value == .rootAndInput }
        let isVideo = model.kind.value == .video
        usualRatio =
            model.ratio.flatMap { AspectRatio($0.value) }
            ?? AspectRatio(width: isVideo ? 16 : 1, height: isVideo ? 9 : 1)
        usualSize = model.resolution.flatMap { PictureSize($0.value) } ?? (isVideo ? .shortSide(720) : .area(1_024))
        price = PriceCheck(model)
    }

    /// The position of the parameter that `key` names, and whether it is another spelling.
    func position(of key: UnsafeBufferPointer<UInt8>) -> (position: Int, isAlias: Bool)? {
        for index in parameters.indices where parameters[index].isCalled(key) { return (index, false) }
        for index in parameters.indices where parameters[index].isAlso(key) { return (index, true) }
        return nil
    }
}

final class ParameterCheck: Sendable {
    let parameter: Parameter
    private let key: [UInt8]
    private let aliases: [[UInt8]]

    init(_ parameter: Parameter) {
        self.parameter = parameter
        key = Array(parameter.key.utf8)
        aliases = parameter.aliases.map { $0.statements.flatMap(\.value).map { Array($0.utf8) } } ?? []
    }

    func isCalled(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        isSame(name, key)
    }

    func isAlso(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        for alias in aliases where isSame(name, alias) { return true }
        return false
    }

    private func isSame(_ name: UnsafeBufferPointer<UInt8>, _ other: [UInt8]) -> Bool {
        guard name.count == other.count else { return false }
        for index in 0..<other.count where name[index] != other[index] { return false }
        return true
    }

    /// Whether the parameter may stand at `place`.
    func belongs(in place: Parameter.Place) -> Bool {
        let stated = parameter.place.value
        if stated == place || parameter.alsoIn?.value == place { return true }
        return stated == .rootAndInput && (place == .input || place == .root)
    }
}

/// What a parameter amounts to after checking: the given value, the one that a route or default sets, or none.
enum Effective {
    case absent
    case given(JSONValue)
    case fixed(Scalar)

    func fits(_ scalar: Scalar) -> Bool {
        switch self {
        case .absent: false
        case .given(let json): scalar.fit(json) != .none
        case .fixed(let value): value.means(scalar)
        }
    }

    var scalar: Scalar? {
        switch self {
        case .absent: nil
        case .given(let json): Scalar(json)
        case .fixed(let value): value
        }
    }

    /// A number, or the number that a numeric string writes.
    var number: Double? {
        switch self {
        case .absent, .fixed(.boolean): nil
        case .given(let json): json.writtenNumber
        case .fixed(.number(let number)): number
        case .fixed(.text(let text)): plainNumber(text)
        }
    }
}

/// What each parameter of one body amounts to.
struct EffectiveValues {
    let given: [Given]
    let fallbacks: [Scalar?]

    subscript(index: Int) -> Effective {
        if let effective = given[index].effective { return effective }
        if let fallback = fallbacks[index] { return .fixed(fallback) }
        return .absent
    }
}
