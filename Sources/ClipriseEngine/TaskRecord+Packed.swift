internal import ClipriseCatalog
internal import ClipriseScenario
internal import ClipriseWire

// Tasks and ledger entries as a state file keeps them: whole numbers with the lowest byte first, then the texts.

/// The bits of a packed task's flags.
private enum Flag {
    static let sound: UInt8 = 1
    static let special: UInt8 = 2
    static let paid: UInt8 = 4
    static let lifePolls: UInt8 = 8
    static let flapPolls: UInt8 = 16
}

extension ResultSpec.Form {
    /// The form as a number; a file keeps it, so it never changes.
    fileprivate init?(code: UInt8) {
        switch code {
        case 0: self = .png
        case 1: self = .jpeg
        case 2: self = .mp4
        case 3: self = .mp3
        case 4: self = .transcript
        default: return nil
        }
    }

    fileprivate var code: UInt8 {
        switch self {
        case .png: 0
        case .jpeg: 1
        case .mp4: 2
        case .mp3: 3
        case .transcript: 4
        }
    }
}

extension TaskRecord {
    /// - Parameter place: The model's position in the file.
    func pack(
        _ terms: TaskTerms, place: Int, prompt: ArraySlice<UInt8>, url: ArraySlice<UInt8>, failure: String?,
        _ special: TaskSpecial?, into bytes: inout [UInt8]
    ) {
        let shape = terms.shape
        bytes.append(little: UInt64(bitPattern: acceptedAt.nanoseconds))
        bytes.append(little: UInt64(bitPattern: dueAt.nanoseconds))
        bytes.append(little: UInt64(bitPattern: terms.credits))
        bytes.append(little: polls)
        bytes.append(little: downloads)
        for number in [place, shape.width, shape.height, shape.seconds] {
            bytes.append(little: UInt16(clamping: number))
        }
        var flags = shape.hasSound ? Flag.sound : 0
        if let special {
            flags |= Flag.special
            if special.isPaid { flags |= Flag.paid }
            if special.lifePolls != nil { flags |= Flag.lifePolls }
            if special.flapPolls != nil { flags |= Flag.flapPolls }
        }
        let state: UInt8 =
            switch self.state {
            case .processing: 0
            case .succeeded: 1
            case .failed: 2
            }
        bytes += [terms.row, UInt8(clamping: shape.count), shape.form.code, flags, state]
        bytes.append(text: prompt)
        bytes.append(text: url)
        if let failure { bytes.append(text: Array(failure.utf8)[...]) }
        guard let special else { return }
        bytes.append(little: UInt64(special.lifePolls ?? 0))
        bytes.append(little: UInt64(special.flapPolls ?? 0))
        bytes.append(text: Array((special.fault.map { Fault(.task($0)).json } ?? "").utf8)[...])
        bytes.append(text: Array((special.callback.map { Fault(.callback($0)).json } ?? "").utf8)[...])
    }
}

extension Ledger.Entry {
    static let packedLength = 21

    func pack(into bytes: inout [UInt8]) {
        bytes.append(kind.rawValue)
        bytes.append(little: UInt32(bitPattern: task.map { Int32(clamping: $0) } ?? -1))
        bytes.append(little: UInt64(bitPattern: credits))
        bytes.append(little: UInt64(bitPattern: at.nanoseconds))
    }
}

extension [UInt8] {
    fileprivate mutating func append(little number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { self.append(contentsOf: $0) }
    }

    fileprivate mutating func append(text: ArraySlice<UInt8>) {
        append(little: UInt32(text.count))
        append(contentsOf: text)
    }
}

/// A task as a file had it; its texts are valid as long as the bytes that it was read from.
struct PackedTask {
    private let acceptedAt: Instant
    private let dueAt: Instant
    private let credits: Int64
    private let polls: UInt32
    private let downloads: UInt32
    private let shape: ResultShape
    /// The model's position in the catalogue.
    let model: Int
    let row: UInt8
    /// For a task that failed, without the place of its message, which is the account's to know.
    let state: TaskRecord.State
    let failure: String?
    let prompt: UnsafeRawBufferPointer
    let url: UnsafeRawBufferPointer
    let special: TaskSpecial?

    /// - Parameter models: The catalogue's positions of the file's models.
    init(_ bytes: UnsafeRawBufferPointer, models: [Int]) throws(SnapshotBreach) {
        var reader = PackedReader(bytes)
        acceptedAt = Instant(nanoseconds: try reader.int64())
        dueAt = Instant(nanoseconds: try reader.int64())
        credits = try reader.int64()
        polls = try reader.number(UInt32.self)
        downloads = try reader.number(UInt32.self)
        let place = Int(try reader.number(UInt16.self))
        let (width, height) = (Int(try reader.number(UInt16.self)), Int(try reader.number(UInt16.self)))
        let seconds = Int(try reader.number(UInt16.self))
        row = try reader.number(UInt8.self)
        let count = Int(try reader.number(UInt8.self))
        let code = try reader.number(UInt8.self)
        let flags = try reader.number(UInt8.self)
        let stateCode = try reader.number(UInt8.self)
        guard let form = ResultSpec.Form(code: code), models.indices.contains(place), models[place] >= 0 else {
            throw SnapshotBreach("its file or its model is none that is known")
        }
        model = models[place]
        shape = ResultShape(
            form: form, width: width, height: height, seconds: seconds, count: count,
            hasSound: flags & Flag.sound != 0)
        prompt = try reader.text()
        url = try reader.text()
        switch stateCode {
        case 0: (state, failure) = (.processing, nil)
        case 1: (state, failure) = (.succeeded, nil)
        case 2: (state, failure) = (.failed(0), String(decoding: try reader.text(), as: UTF8.self))
        default: throw SnapshotBreach("its state is none")
        }
        special = flags & Flag.special != 0 ? try Self.special(&reader, flags) : nil
        guard reader.isAtEnd else { throw SnapshotBreach("there is more of it than there should be") }
    }

    var terms: TaskTerms { TaskTerms(model: model, row: Int(row), credits: credits, shape) }

    /// - Parameter terms: The number of its terms.
    func record(
        _ state: TaskRecord.State, terms: UInt32, prompt: ByteArena.Reference, callBackURL: ByteArena.Reference
    ) -> TaskRecord {
        TaskRecord(
            acceptedAt: acceptedAt, dueAt: dueAt, polls: polls, downloads: downloads, terms: terms, prompt: prompt,
            callBackURL: callBackURL, state: state, isSpecial: special != nil)
    }

    private static func special(
        _ reader: inout PackedReader, _ flags: UInt8
    ) throws(SnapshotBreach) -> TaskSpecial {
        var special = TaskSpecial()
        special.isPaid = flags & Flag.paid != 0
        let (life, flap) = (try reader.int64(), try reader.int64())
        if flags & Flag.lifePolls != 0 { special.lifePolls = Int(life) }
        if flags & Flag.flapPolls != 0 { special.flapPolls = Int(flap) }
        if case .task(let fault)? = try fault(reader.text()) { special.fault = fault }
        if case .callback(let fault)? = try fault(reader.text()) { special.callback = fault }
        return special
    }

    private static func fault(_ text: UnsafeRawBufferPointer) throws(SnapshotBreach) -> Fault.Kind? {
        guard !text.isEmpty else { return nil }
        do throws(ScenarioErrors) {
            return try Fault(yaml: Array(text), source: "fault").kind
        } catch {
            throw SnapshotBreach("its fault is none")
        }
    }
}

/// Reads packed numbers and texts, and never beyond the end.
struct PackedReader {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) throws(SnapshotBreach) -> Number {
        let size = MemoryLayout<Number>.size
        guard bytes.count - offset >= size else { throw SnapshotBreach("it is cut short") }
        defer { offset += size }
        return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }

    mutating func int64() throws(SnapshotBreach) -> Int64 { try number(Int64.self) }

    /// Valid as long as the bytes that are read.
    mutating func text() throws(SnapshotBreach) -> UnsafeRawBufferPointer {
        let length = Int(try number(UInt32.self))
        guard bytes.count - offset >= length else { throw SnapshotBreach("it is cut short") }
        defer { offset += length }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + length)])
    }

    mutating func skip(_ count: Int) throws(SnapshotBreach) {
        guard bytes.count - offset >= count else { throw SnapshotBreach("it is cut short") }
        offset += count
    }
}
