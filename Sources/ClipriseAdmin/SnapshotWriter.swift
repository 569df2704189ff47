package import ClipriseEngine
internal import ClipriseScenario
internal import ClipriseWire

/// The state of all accounts as one JSON document.
///
/// Times are whole nanoseconds, so that nothing is rounded.
package struct SnapshotDocument: Sendable, Hashable {
    /// The edition of the document.
    package static let version: Int64 = 1

    /// Model ids by the positions that tasks name.
    package var models: [String]
    package var accounts: [AccountSnapshot]

    package init(models: [String], accounts: [AccountSnapshot]) {
        self.models = models
        self.accounts = accounts
    }

    /// Equal documents have equal bytes.
    package var json: [UInt8] {
        var writer = JSONWriter(capacity: 4_096)
        writer.object { writer in
            writer.member("version", Self.version)
            writer.member("models", array: models) { $0.string($1) }
            writer.member("accounts", array: accounts) { $1.write(to: &$0) }
        }
        writer.endLine()
        return writer.bytes
    }
}

extension AccountSnapshot {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("key", String(decoding: key, as: UTF8.self))
            if let label { writer.member("label", label) }
            writer.member("seed", String(seed))
            writer.key("scenario")
            writer.object {
                $0.member("name", scenarioName)
                $0.member("hash", String(scenarioHash))
            }
            writer.key("clock")
            writer.object {
                $0.member("virtual", clock.isVirtual)
                $0.member("now", clock.now.nanoseconds)
                $0.member("tickPerPoll", clock.tickPerPoll.nanoseconds)
                $0.member("delays", clock.delays.rawValue)
            }
            writer.member("charge", charge.rawValue)
            writer.member("revoked", isRevoked)
            writer.member("events", eventTotal)
            if let dropped { writer.member("dropped", dropped) }
            writer.member("ledger", array: ledger) { $1.write(to: &$0) }
            writer.member("tasks", array: tasks) { $1.write(to: &$0) }
            writer.member("rules", array: rules) { writer, active in
                writer.object {
                    $0.member("id", active.id)
                    $0.key("rule")
                    $0.raw(active.rule.json.utf8)
                }
            }
            writer.member("ruleStates", array: ruleStates) { $1.write(to: &$0) }
            writer.member("taskRuleUses", array: taskRuleUses) { $0.integer($1) }
            writer.member("bodyCounts", array: bodyCounts) { writer, body in
                writer.object {
                    $0.member("hash", String(body.hash))
                    $0.member("count", body.count)
                }
            }
            writer.member("callbacks", array: callbacks) { writer, callback in
                writer.object {
                    $0.member("task", callback.task)
                    $0.member("attempt", callback.attempt)
                    $0.member("due", callback.due.nanoseconds)
                    $0.member("hasFault", callback.hasFault)
                }
            }
            writer.member("reordered", array: reordered) { $0.integer($1) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: StaticString, _ dropped: AccountSnapshot.Dropped) {
        key(name)
        object { writer in
            writer.member("first", dropped.first)
            writer.member("aside", array: dropped.aside) { $0.integer($1) }
            writer.member("succeeded", dropped.succeeded)
            writer.member("failed", dropped.failed)
            writer.member("opening", dropped.opening)
            writer.member("entries", dropped.entries)
            writer.member("available", dropped.carried.available)
            writer.member("held", dropped.carried.held)
            writer.member("captured", dropped.carried.captured)
        }
    }
}

extension AccountSnapshot.Entry {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object {
            $0.member("kind", kind.word)
            if let task { $0.member("task", task) }
            $0.member("credits", credits)
            $0.member("at", at.nanoseconds)
        }
    }
}

extension AccountSnapshot.Task {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("model", model)
            writer.member("row", row)
            writer.member("credits", credits)
            writer.member("acceptedAt", acceptedAt.nanoseconds)
            if dueAt.nanoseconds != .max { writer.member("dueAt", dueAt.nanoseconds) }
            switch outcome {
            case .processing: writer.member("state", "processing")
            case .succeeded: writer.member("state", "success")
            case .failed(let message):
                writer.member("state", "failed")
                writer.member("failMsg", message)
            }
            writer.member("polls", polls)
            writer.member("downloads", downloads)
            writer.member("form", shape.form.rawValue)
            writer.member("width", shape.width)
            writer.member("height", shape.height)
            writer.member("seconds", shape.seconds)
            writer.member("count", shape.count)
            writer.member("sound", shape.hasSound)
            writer.member("prompt", prompt)
            writer.member("callBackUrl", callBackURL)
            if let fault {
                writer.key("fault")
                writer.raw(Fault(.task(fault)).json.utf8)
            }
            if let callbackFault {
                writer.key("callbackFault")
                writer.raw(Fault(.callback(callbackFault)).json.utf8)
            }
            if let lifePolls { writer.member("lifePolls", lifePolls) }
            if let flapPolls { writer.member("flapPolls", flapPolls) }
            if isPaid { writer.member("paid", true) }
        }
    }
}

extension AccountSnapshot.RuleState {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("name", name)
            writer.member("matched", matched)
            writer.member("acted", acted)
            writer.member("startedAt", startedAt.nanoseconds)
            if let window { writer.member("window", window) }
            writer.member("used", used)
            writer.member("passed", array: passed) { $0.integer($1.nanoseconds) }
        }
    }
}
