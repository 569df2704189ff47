package import ClipriseEngine
package import ClipriseWire

/// What came of an admin command.
package enum AdminAnswer: Sendable {
    case health(version: String, uptime: TimeSpan, accounts: Int)
    case account(AccountView, isNew: Bool)
    /// The first accounts of `total`.
    case accounts([AccountView], total: Int)
    case ledger(LedgerView)
    case task(TaskView)
    case reset(accounts: Int, tasks: Int)
}

/// An account in numbers.
package struct AccountView: Sendable, Hashable {
    package var key: [UInt8]
    /// Credits not yet taken, those set aside included.
    package var credits: Int64
    package var held: Int64
    /// Credits that can be spent.
    package var available: Int64

    package init(_ account: Account) {
        key = account.key
        credits = account.ledger.balance
        held = account.ledger.held
        available = account.ledger.available
    }

    func append(to body: inout [UInt8]) {
        body.append(literal: #"{"key":"#)
        body.append(jsonString: String(decoding: key, as: UTF8.self))
        body.append(literal: #","credits":"#)
        body.append(decimal: credits)
        body.append(literal: #","held":"#)
        body.append(decimal: held)
        body.append(literal: #","available":"#)
        body.append(decimal: available)
        body.append(literal: "}")
    }
}

/// A piece of a ledger.
package struct LedgerView: Sendable {
    package var key: [UInt8]
    package var total: Int
    package var start: Int
    package var entries: [(entry: Ledger.Entry, task: TaskID?)]

    package init(_ account: Account, start: Int, limit: Int) {
        key = account.key
        total = account.ledger.entries.count
        self.start = min(start, total)
        entries = (self.start..<min(total, self.start + limit)).map { index in
            let entry = account.ledger.entries[index]
            return (entry, entry.task.map(account.id(of:)))
        }
    }

    func append(to body: inout [UInt8]) {
        body.append(literal: #"{"key":"#)
        body.append(jsonString: String(decoding: key, as: UTF8.self))
        body.append(literal: #","total":"#)
        body.append(decimal: total)
        body.append(literal: #","entries":["#)
        for (offset, item) in entries.enumerated() {
            if offset > 0 { body.append(UInt8(ascii: ",")) }
            body.append(literal: #"{"entry":"#)
            body.append(decimal: start + offset)
            body.append(literal: #","kind":""#)
            body.append(literal: item.entry.kind.word)
            body.append(literal: #"","credits":"#)
            body.append(decimal: item.entry.credits)
            body.append(literal: #","change":"#)
            body.append(decimal: item.entry.change)
            body.append(literal: #","at":"#)
            body.append(seconds: item.entry.at)
            if let task = item.task {
                body.append(literal: #","taskId":""#)
                task.appendHex(to: &body)
                body.append(literal: #"""#)
            }
            body.append(literal: "}")
        }
        body.append(literal: "]}")
    }
}

/// A task with its account and model.
package struct TaskView: Sendable {
    package var key: [UInt8]
    package var model: String
    package var task: Account.Task

    package init(key: [UInt8], model: String, task: Account.Task) {
        self.key = key
        self.model = model
        self.task = task
    }

    func append(to body: inout [UInt8]) {
        body.append(literal: #"{"taskId":""#)
        task.id.appendHex(to: &body)
        body.append(literal: #"","key":"#)
        body.append(jsonString: String(decoding: key, as: UTF8.self))
        body.append(literal: #","model":"#)
        body.append(jsonString: model)
        body.append(literal: #","credits":"#)
        body.append(decimal: task.credits)
        body.append(literal: #","state":"#)
        switch task.outcome {
        case .processing: body.append(literal: #""processing""#)
        case .succeeded: body.append(literal: #""success""#)
        case .failed(let message):
            body.append(literal: #""failed","failMsg":"#)
            body.append(jsonString: message)
        }
        body.append(literal: #","acceptedAt":"#)
        body.append(seconds: task.acceptedAt)
        if task.dueAt.nanoseconds != .max {
            body.append(literal: #","dueAt":"#)
            body.append(seconds: task.dueAt)
        }
        body.append(literal: #","prompt":"#)
        body.append(jsonString: task.prompt)
        body.append(literal: #","callBackUrl":"#)
        body.append(jsonString: task.callBackURL)
        body.append(literal: "}")
    }
}

extension Ledger.Kind {
    /// As the admin API writes it.
    var word: StaticString {
        switch self {
        case .opening: "opening"
        case .hold: "hold"
        case .capture: "capture"
        case .release: "release"
        case .topUp: "top_up"
        case .adjustment: "adjustment"
        case .refund: "refund"
        case .drain: "drain"
        }
    }
}

extension [UInt8] {
    /// Appends an instant as seconds since the clock's start, to the microsecond.
    mutating func append(seconds instant: Instant) {
        append(decimal: instant.nanoseconds / 1_000_000_000)
        append(UInt8(ascii: "."))
        let micros = String(instant.nanoseconds % 1_000_000_000 / 1_000)
        append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 6 - micros.count))
        append(contentsOf: micros.utf8)
    }
}

extension AdminAnswer {
    var plan: ResponsePlan {
        var body: [UInt8] = []
        var status = 200
        switch self {
        case .health(let version, let uptime, let accounts):
            body.append(literal: #"{"status":"ok","version":"#)
            body.append(jsonString: version)
            body.append(literal: #","uptimeSeconds":"#)
            body.append(seconds: Instant(nanoseconds: uptime.nanoseconds))
            body.append(literal: #","accounts":"#)
            body.append(decimal: accounts)
            body.append(literal: "}")
        case .account(let view, let isNew):
            status = isNew ? 201 : 200
            view.append(to: &body)
        case .accounts(let views, let total):
            body.append(literal: #"{"total":"#)
            body.append(decimal: total)
            body.append(literal: #","accounts":["#)
            for (offset, view) in views.enumerated() {
                if offset > 0 { body.append(UInt8(ascii: ",")) }
                view.append(to: &body)
            }
            body.append(literal: "]}")
        case .ledger(let view): view.append(to: &body)
        case .task(let view): view.append(to: &body)
        case .reset(let accounts, let tasks):
            body.append(literal: #"{"cleared":{"accounts":"#)
            body.append(decimal: accounts)
            body.append(literal: #","tasks":"#)
            body.append(decimal: tasks)
            body.append(literal: "}}")
        }
        body.append(UInt8(ascii: "\n"))
        return ResponsePlan(
            status: status, contentType: .json, fields: [.init("Cache-Control", "no-store")], body: .plain(body))
    }
}
