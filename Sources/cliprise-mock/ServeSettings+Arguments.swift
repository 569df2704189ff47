internal import ClipriseEngine
internal import ClipriseJournal
internal import ClipriseServer
internal import ClipriseWire

extension ServeSettings {
    /// Reads a command line of `serve` in which nothing is wrong or unusual; nil for all others, which
    /// `ServeCommand` reads, with the help and the messages that they need.
    ///
    /// It costs a thirtieth of the other way, and a server is started in each test.
    init?(plain arguments: [String]) {
        self = .usual
        var rest = arguments[...]
        if rest.first == "serve" { rest.removeFirst() }
        var seen: Set<Substring> = []
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), word.count > 2 else { return nil }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = parts[0]
            if setFlag(name) {
                guard parts.count == 1, seen.insert(name).inserted else { return nil }
                continue
            }
            let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() ?? ""
            guard !value.isEmpty, parts.count == 2 || !value.hasPrefix("-") else { return nil }
            if add(value, to: name) { continue }
            guard set(name, value), seen.insert(name).inserted else { return nil }
        }
        guard (try? validate()) != nil else { return nil }
    }

    private mutating func setFlag(_ name: Substring) -> Bool {
        switch name {
        case "open": world.open = true
        case "realistic": world.realistic = true
        case "strict": strict = true
        case "tls": secure.isWanted = true
        case "tls-silent-close": secure.closesSilently = true
        case "watch": watch = true
        case "state-journal": stateJournal = true
        case "until-input-ends": untilInputEnds = true
        default: return false
        }
        return true
    }

    /// Adds to an option that may stand there several times.
    private mutating func add(_ value: String, to name: Substring) -> Bool {
        switch name {
        case "scenario": world.scenario.append(value)
        case "account": world.account.append(value)
        case "accept-host": acceptHost.append(value)
        case "callback-allow": world.callbackAllow.append(value)
        default: return false
        }
        return true
    }

    private mutating func set(_ name: Substring, _ value: String) -> Bool {
        switch name {
        case "port": return assign(&port, DecimalText.whole(value))
        case "host": return assign(&host, value)
        case "host-gate": return assign(&hostGate, .init(rawValue: value))
        case "tls-port": return assign(&secure.port, DecimalText.whole(value))
        case "tls-dir": return assign(&secure.folder, value)
        case "public-url": return assign(&publicURL, value)
        case "record": return assign(&record, value)
        case "workers": return assign(&workers, DecimalText.whole(value))
        case "log-level": return assign(&logLevel, .init(rawValue: value))
        case "log": return assign(&log, .init(rawValue: value))
        case "body-limit": return assign(&bodyLimit, DecimalText.whole(value))
        case "connection-limit": return assign(&connectionLimit, DecimalText.whole(value))
        case "connections-per-address": return assign(&connectionsPerAddress, DecimalText.whole(value))
        case "idle-timeout": return assign(&idleTimeout, DecimalText.whole(value))
        case "admin-token": return assign(&adminToken, value)
        case "profile": return assign(&world.profile, ProfileOption(argument: value))
        case "unknown-model": return assign(&world.unknownModel, UnknownModel(rawValue: value))
        case "state": return assign(&state, value)
        case "state-sync": return assign(&stateSync, .init(rawValue: value))
        case "keep-tasks": return assign(&keepTasks, value)
        case "seed": return assign(&world.seed, DecimalText.whole(value))
        case "catalog": return assign(&world.catalog, value)
        case "time-scale": return assign(&world.timeScale, DecimalText.number(value))
        case "journal-limit": return assign(&world.journalLimit, DecimalText.whole(value))
        case "journal-memory": return assign(&world.journalMemory, DecimalText.whole(value))
        case "bodies": return assign(&world.bodies, .init(rawValue: value))
        case "callback-to": return assign(&world.callbackTo, value)
        default: return false
        }
    }
}

/// Whether there is a value; if so it is set.
private func assign<Value>(_ target: inout Value, _ value: Value?) -> Bool {
    guard let value else { return false }
    target = value
    return true
}

private func assign<Value>(_ target: inout Value?, _ value: Value?) -> Bool {
    guard let value else { return false }
    target = value
    return true
}
