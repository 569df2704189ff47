internal import ClipriseCatalog

/// The tasks of an account by their positions; of the old ones only those are there that are still needed.
struct TaskList: Sendable {
    /// A task that is needed although those accepted after it were dropped.
    private struct Aside: Sendable {
        var record: TaskRecord
        let prompt: [UInt8]
        let url: [UInt8]
    }

    private var recent: ChunkedArray<TaskRecord>
    private var prompts = ByteArena()
    private var callBackURLs = ByteArena()
    private var terms = TaskTermsTable()
    /// By position, all before `first`.
    private var aside: [Int: Aside] = [:]
    /// Those of them that ended, in the order of their ends.
    private(set) var endedAside: ArraySlice<Int> = []

    /// - Parameter first: The first position from which on all tasks are there.
    init(first: Int = 0) { recent = ChunkedArray(first: first) }

    /// The first position from which on all tasks are there.
    var first: Int { recent.first }
    /// How many tasks there ever were.
    var count: Int { recent.count }
    /// How many are there.
    var kept: Int { aside.count + count - first }
    /// The positions before `first` of those that are there, in order.
    var asidePositions: [Int] { aside.keys.sorted() }

    func contains(_ position: Int) -> Bool {
        position < count && (position >= first || aside[position] != nil)
    }

    /// The position must be one that is there.
    subscript(position: Int) -> TaskRecord {
        get {
            if position >= first { return recent[position] }
            guard let task = aside[position] else { preconditionFailure("task \(position) is not kept any more") }
            return task.record
        }
        set {
            if position >= first { recent[position] = newValue } else { aside[position]?.record = newValue }
        }
    }

    mutating func append(_ record: TaskRecord) { recent.append(record) }

    mutating func keep(promptOf order: borrowing Order) -> ByteArena.Reference {
        var kept = ByteArena.Reference(chunk: 0, start: 0, length: 0)
        order.withPrompt { kept = prompts.keep($0) }
        return kept
    }

    mutating func keep(prompt: [UInt8]) -> ByteArena.Reference { prompts.keep(prompt) }
    mutating func keep(prompt: UnsafeRawBufferPointer) -> ByteArena.Reference { prompts.keep(prompt) }
    mutating func keep(url: [UInt8]) -> ByteArena.Reference { callBackURLs.keep(url) }
    mutating func keep(url: UnsafeRawBufferPointer) -> ByteArena.Reference { callBackURLs.keep(url) }

    /// Mutating, as old ones may have to be brought back.
    mutating func prompt(at position: Int) -> ArraySlice<UInt8> {
        position >= first ? prompts[recent[position].prompt] : aside[position]?.prompt[...] ?? []
    }

    mutating func url(at position: Int) -> ArraySlice<UInt8> {
        position >= first ? callBackURLs[recent[position].callBackURL] : aside[position]?.url[...] ?? []
    }

    /// Notes that a task ended: few will ask for its texts.
    mutating func layTextsToRest(at position: Int) {
        guard position >= first else { return }
        prompts.rest(recent[position].prompt)
        callBackURLs.rest(recent[position].callBackURL)
    }

    mutating func number(of terms: TaskTerms) -> UInt32 { self.terms.number(of: terms) }

    /// What a task was ordered as.
    func terms(of task: TaskRecord) -> TaskTerms { terms[task.terms] }
    func terms(at position: Int) -> TaskTerms { terms[self[position].terms] }

    // MARK: Old ones

    /// Lets the task at `first` go.
    mutating func dropFirst() {
        recent.removeFirst()
        let next = first < count ? recent[first] : nil
        prompts.forget(before: next?.prompt)
        callBackURLs.forget(before: next?.callBackURL)
    }

    /// Puts the task at `first` aside: it is still there, and those after it can go.
    mutating func setFirstAside() {
        let position = first
        setAside(
            recent[position], at: position, prompt: Array(prompt(at: position)), url: Array(url(at: position)))
        if recent[position].state != .processing { endedAside.append(position) }
        dropFirst()
    }

    /// Puts in a task that is aside already.
    mutating func setAside(_ record: TaskRecord, at position: Int, prompt: [UInt8], url: [UInt8]) {
        aside[position] = Aside(record: record, prompt: prompt, url: url)
    }

    /// Lets a task go that is aside.
    mutating func drop(aside position: Int) { aside[position] = nil }

    mutating func ended(aside position: Int) { endedAside.append(position) }

    mutating func takeFirstEndedAside() -> Int? { endedAside.popFirst() }

    /// Puts those that are aside and ended in the order of their ends.
    mutating func orderEndedAside() {
        let ended = aside.filter { $0.value.record.state != .processing }
        endedAside = ArraySlice(
            ended.sorted { ($0.value.record.dueAt, $0.key) < ($1.value.record.dueAt, $1.key) }.map(\.key))
    }
}
