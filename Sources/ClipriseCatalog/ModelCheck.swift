internal import ClipriseWire

/// A model in the form that checks bodies: keys and values as bytes in flat tables, price conditions as bit masks.
final class ModelCheck: Sendable {
    let parameters: FixedTable<Parameter>
    /// By the parameters' positions.
    let tables: FixedTable<ValueTable>
    private let keys: KeyTable
    let price: PriceCheck
    let model: Model
    /// Positions of the parameters with a role that the result's shape is read from.
    let promptAt: Int?
    let secondsAt: [Int]
    let soundAt: [Int]
    let imagesAt: FixedTable<Int>
    /// What the parameters with such a role are read as.
    let ratios: ReadingTable<AspectRatio>
    let resolutions: ReadingTable<PictureSize>
    let sizes: ReadingTable<PictureSize>
    let ratiosOfSizes: ReadingTable<AspectRatio>
    let counts: ReadingTable<Double>
    let formats: ReadingTable<ResultSpec.Form>
    /// By `secondsAt`.
    let seconds: ReadingTable<Double>
    /// Positions of the parameters that may not be missing, or not without another.
    let requiredAt: FixedTable<Int>
    /// What each parameter amounts to when it is not given.
    let fallbacks: FixedTable<Scalar?>
    let hasOptions: Bool
    let needsTwins: Bool
    private let inputKeys: Spelling.Words
    private let optionsKeys: Spelling.Words
    private let rootKeys: Spelling.Words
    /// Whether the model stands for all that are not in the catalogue.
    let isAnyModel: Bool
    /// Whether the result is a video, and how long a task usually takes, in seconds.
    let isVideo: Bool
    let typicalSeconds: Double
    /// The shape of a result that no parameter says.
    let usualRatio: AspectRatio
    let usualSize: PictureSize

    init(_ model: Model) {
        self.model = model
        let parameters = model.parameters
        self.parameters = FixedTable(parameters)
        tables = FixedTable(parameters.map(ValueTable.init))
        keys = KeyTable(parameters)
        func positions(_ role: Parameter.Role) -> [Int] {
            model.parameters.indices.filter { model.parameters[$0].role == role }
        }
        promptAt = positions(.prompt).first
        secondsAt = positions(.seconds)
        soundAt = positions(.sound)
        imagesAt = FixedTable(positions(.images))
        ratios = ReadingTable(parameters, at: positions(.ratio)) { $0.text.flatMap { AspectRatio($0) } }
        resolutions = ReadingTable(parameters, at: positions(.resolution)) { $0.text.flatMap { PictureSize($0) } }
        sizes = ReadingTable(parameters, at: positions(.size)) { $0.text.flatMap { PictureSize($0) } }
        ratiosOfSizes = ReadingTable(parameters, at: positions(.size)) { $0.text.flatMap { AspectRatio($0) } }
        counts = ReadingTable(parameters, at: positions(.count)) { $0.number }
        seconds = ReadingTable(parameters, at: positions(.seconds)) { $0.number }
        formats = ReadingTable(parameters, at: positions(.format)) { value in
            switch value.text {
            case "png": .png
            case "jpg", "jpeg": .jpeg
            default: nil
            }
        }
        requiredAt = FixedTable(
            parameters.indices.filter {
                parameters[$0].requiredWithout != nil || parameters[$0].required?.value ?? false
            })
        fallbacks = FixedTable(parameters.map { $0.defaultValue?.value })
        isAnyModel = model.id == Model.anyID
        hasOptions = model.parameters.contains { $0.place.value == .options || $0.alsoIn?.value == .options }
        needsTwins = model.parameters.contains { $0.place.value == .rootAndInput }
        isVideo = model.kind.value == .video
        typicalSeconds = Double(model.typicalSeconds.value)
        usualRatio =
            model.ratio.flatMap { AspectRatio($0.value) }
            ?? AspectRatio(width: isVideo ? 16 : 1, height: isVideo ? 9 : 1)
        usualSize = model.resolution.flatMap { PictureSize($0.value) } ?? (isVideo ? .shortSide(720) : .area(1_024))
        price = PriceCheck(model)
        func words(in place: Parameter.Place, and others: [String] = []) -> Spelling.Words {
            Spelling.Words(parameters.filter { $0.belongs(in: place) }.map(\.key) + others)
        }
        inputKeys = words(in: .input)
        optionsKeys = words(in: .options)
        rootKeys = words(in: .root, and: ["model", "callBackUrl", "input"] + (hasOptions ? ["options"] : []))
    }

    deinit {
        parameters.deallocate()
        tables.deallocate()
        keys.deallocate()
        for table in [resolutions, sizes] { table.deallocate() }
        for table in [ratios, ratiosOfSizes] { table.deallocate() }
        for table in [counts, seconds] { table.deallocate() }
        formats.deallocate()
        imagesAt.deallocate()
        requiredAt.deallocate()
        fallbacks.deallocate()
    }

    /// The keys that may stand at a place.
    func keys(in place: Parameter.Place) -> Spelling.Words {
        switch place {
        case .input: inputKeys
        case .options: optionsKeys
        case .root, .rootAndInput: rootKeys
        }
    }

    /// The position of the parameter that `key` names, and whether it is another spelling.
    func position(of key: UnsafeBufferPointer<UInt8>) -> (position: Int, isAlias: Bool)? { keys.position(of: key) }
}

extension Parameter {
    /// Whether the parameter may stand at `place`.
    func belongs(in place: Place) -> Bool {
        let stated = self.place.value
        if stated == place || self.alsoIn?.value == place { return true }
        return stated == .rootAndInput && (place == .input || place == .root)
    }
}
