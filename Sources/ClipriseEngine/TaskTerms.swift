internal import ClipriseCatalog
internal import ClipriseWire

/// What a task was ordered as, and for how much: most tasks of a run share it with many others.
struct TaskTerms: Sendable, Hashable {
    let model: UInt16
    /// The price row's position in the model's price rule.
    let row: UInt8
    private let count: UInt8
    private let width: UInt16
    private let height: UInt16
    private let seconds: UInt16
    private let form: ResultSpec.Form
    private let hasSound: Bool
    let credits: Int64

    init(model: Int, row: Int, credits: Int64, _ shape: ResultShape) {
        self.model = UInt16(clamping: model)
        self.row = UInt8(clamping: row)
        count = UInt8(clamping: shape.count)
        width = UInt16(clamping: shape.width)
        height = UInt16(clamping: shape.height)
        seconds = UInt16(clamping: shape.seconds)
        form = shape.form
        hasSound = shape.hasSound
        self.credits = credits
    }

    var shape: ResultShape {
        ResultShape(
            form: form, width: Int(width), height: Int(height), seconds: Int(seconds), count: Int(count),
            hasSound: hasSound)
    }
}

/// The different terms of an account's tasks, each once.
struct TaskTermsTable: Sendable {
    private var all: [TaskTerms] = []
    private var numbers: [TaskTerms: UInt32] = [:]
    private var last: UInt32 = 0

    subscript(number: UInt32) -> TaskTerms { all[Int(number)] }

    /// The number of these terms, which they get now if they are new.
    mutating func number(of terms: TaskTerms) -> UInt32 {
        if Int(last) < all.count, all[Int(last)] == terms { return last }
        if let known = numbers[terms] {
            last = known
        } else {
            last = UInt32(all.count)
            all.append(terms)
            numbers[terms] = last
        }
        return last
    }
}
