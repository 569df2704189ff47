internal import ClipriseJSON
internal import ClipriseWire

extension BodyCheck {
    /// Holds each given value against its parameter's rules, and keeps what it amounts to.
    mutating func checkValues() throws(Refusal) {
        for index in given.indices {
            // A twin that stands only at the root is judged as well; that it lacks its other half is GEN-8's matter.
            guard let value = given[index].value ?? (twins.isEmpty ? nil : twins[index]), !value.isBlank else {
                continue
            }
            let (place, isAliased) = (given[index].place, given[index].isAliased)
            if given[index].value != nil {
                switch check.tables[index].verdict(on: value, in: place) {
                case .sound:
                    given[index].outcome = .sound
                    continue
                case .choice(let choice):
                    given[index].outcome = .choice(Int32(choice))
                    continue
                case .open: break
                }
            }
            keep(try checkValue(value, check.parameters[index], in: place, isAliased: isAliased), at: index)
        }
        try checkReferences()
    }

    private mutating func checkValue(
        _ value: JSONValue, _ parameter: Parameter, in place: Parameter.Place, isAliased: Bool
    ) throws(Refusal) -> Effective {
        if let type = parameter.type {
            if type.value == .index { return try checkIndex(value, parameter, type) }
            // In `options` a value of a list may be its index, so the list decides, not the type.
            if place != .options || parameter.allowed == nil {
                try checkType(value, parameter, type, isAliased: isAliased)
            }
        }
        if let forbidden = parameter.forbidden, let value = forbidden.value.first(where: { $0.fit(value) != .none }) {
            try broken(parameter, "must not be \(value)", forbidden.from)
        }
        if let allowed = parameter.allowed {
            if let scalar = try checkAllowed(value, parameter, allowed, in: place) { return .fixed(scalar) }
        }
        if let number = value.number ?? (parameter.isNumeric ? value.utf8.flatMap(plainNumber) : nil) {
            try checkRange(number, parameter)
        }
        if let bytes = value.utf8 { try checkLength(bytes, parameter) }
        if value.kind == .array { try checkItems(value, parameter) }
        return .given(value)
    }

    /// A tier index: 0-based; the tier's own name is taken too.
    private mutating func checkIndex(
        _ value: JSONValue, _ parameter: Parameter, _ type: Fact<Parameter.ValueType>
    ) throws(Refusal) -> Effective {
        guard let allowed = parameter.allowed else { return .given(value) }
        if !value.isString, value.number == nil {
            try wrongType(parameter, "must be \(type.value.phrase), not \(value.kind.phrase)", type.from)
        }
        let number = value.writtenNumber
        if let number, let index = Int(exactly: number), allowed.value.indices.contains(index) {
            if value.isString { warn(parameter, "is a number in a string", .assumed) }
            return .fixed(.number(number))
        }
        if let index = allowed.value.firstIndex(where: { $0.fit(value) != .none }) {
            warn(parameter, "is an index, here \(index); its name was given", .assumed)
            return .fixed(.number(Double(index)))
        }
        let tiers = allowed.value.enumerated().map { "\($0.offset) = \($0.element)" }.joined(separator: ", ")
        try broken(parameter, "is not an index of the list: \(tiers)", allowed.from)
        return parameter.defaultValue.map { .fixed($0.value) } ?? .absent
    }

    private mutating func checkType(
        _ value: JSONValue, _ parameter: Parameter, _ type: Fact<Parameter.ValueType>, isAliased: Bool
    ) throws(Refusal) {
        switch (type.value, value.kind) {
        case (.string, .string), (.boolean, .boolean), (.object, .object), (.integer, .integer), (.number, .integer),
            (.number, .number), (.index, _):
            return
        case (.integer, .number):
            guard value.integer == nil else { return }
            try broken(parameter, "must be a whole number", type.from)
        case (.string, .integer) where parameter.allowed != nil, (.string, .number) where parameter.allowed != nil:
            // Upstream writes such lists as strings for some models and as numbers for others, so both pass, with a word.
            warn(parameter, "is a number where upstream wants a string", type.from)
        case (.integer, .string), (.number, .string):
            guard value.utf8.flatMap(plainNumber) == nil else {
                return warn(parameter, "is a string where upstream wants a number", type.from)
            }
            try wrongType(parameter, "must be a number, not a string", type.from)
        case (.url, .string):
            guard let bytes = value.utf8, !URLCheck.isWeb(bytes) else { return }
            try broken(parameter, "must be an http or https URL", type.from)
        case (.urls, .string) where isAliased:
            // The other spelling is often the singular, which names one.
            warn(parameter, "is one string where a list is wanted", type.from)
        case (.urls, .array):
            for element in value.elements {
                guard let bytes = element.utf8 else {
                    return try wrongType(parameter, "must hold nothing but URLs in strings", type.from)
                }
                guard URLCheck.isWeb(bytes) else {
                    return try broken(parameter, "must hold nothing but http or https URLs", type.from)
                }
            }
        case (.strings, .array):
            for element in value.elements where !element.isString {
                return try wrongType(parameter, "must hold nothing but strings", type.from)
            }
        case (.objects, .array):
            for element in value.elements where !element.isObject {
                return try wrongType(parameter, "must hold nothing but objects", type.from)
            }
        default:
            try wrongType(parameter, "must be \(type.value.phrase), not \(value.kind.phrase)", type.from)
        }
    }

    /// The value of the list that is meant, when the given one only points to it.
    private mutating func checkAllowed(
        _ value: JSONValue, _ parameter: Parameter, _ allowed: Fact<[Scalar]>, in place: Parameter.Place
    ) throws(Refusal) -> Scalar? {
        var loose: Scalar?
        for scalar in allowed.value {
            switch scalar.fit(value) {
            case .exact: return nil
            case .loose: loose = loose ?? scalar
            case .none: continue
            }
        }
        if let loose {
            if value.isString, case .text = loose { warn(parameter, "is spelt \"\(loose)\" in the list", allowed.from) }
            // A number for a numeric string was warned of with the type.
            return loose
        }
        if place == .options, let index = value.integer.flatMap(Int.init(exactly:)),
            allowed.value.indices.contains(index)
        {
            return allowed.value[index]
        }
        // A list of values is judged by its type alone.
        if value.kind == .array, parameter.type?.value.isList ?? false { return nil }
        let meant = meant(by: value, parameter)
        guard !policy.isEnforced(allowed.from) else { throw refusal(.gen7, parameter.listRefusals.text(meant)) }
        try broken(parameter, parameter.listRefusals.problem(meant), allowed.from)
        return nil
    }

    /// The nearest number of the list for what writes a number, else the nearest spelling.
    private func meant(by value: JSONValue, _ parameter: Parameter) -> ListRefusals.Meant {
        guard let number = value.writtenNumber else {
            let place = value.utf8.flatMap { parameter.allowedWords.position(nearestTo: $0) }
            return place.map { .word($0) } ?? .none
        }
        var (nearest, distance) = (ListRefusals.Meant.none, Double.infinity)
        for (place, other) in parameter.allowedNumbers.enumerated() {
            guard let other, abs(other - number) < distance else { continue }
            (nearest, distance) = (.number(place), abs(other - number))
        }
        return nearest
    }

    private mutating func checkRange(_ number: Double, _ parameter: Parameter) throws(Refusal) {
        if let minimum = parameter.minimum, number < minimum.value {
            try broken(parameter, "must be at least \(Scalar.number(minimum.value))", minimum.from)
        }
        if let maximum = parameter.maximum, number > maximum.value {
            try broken(parameter, "must be at most \(Scalar.number(maximum.value))", maximum.from)
        }
    }

    private mutating func checkLength(_ bytes: UnsafeBufferPointer<UInt8>, _ parameter: Parameter) throws(Refusal) {
        if let maximum = parameter.maxLength, bytes.count > maximum.value {
            let characters = bytes.characterCount
            if characters > maximum.value {
                try broken(
                    parameter, "exceeds the maximum length of \(maximum.value) characters (\(characters))", maximum.from
                )
            }
        }
        if let minimum = parameter.minLength {
            let characters = bytes.characterCount
            if characters < minimum.value {
                try broken(
                    parameter, "is shorter than \(minimum.value) characters (\(characters))", minimum.from)
            }
        }
    }

    private mutating func checkItems(_ value: JSONValue, _ parameter: Parameter) throws(Refusal) {
        let count = value.elements.count
        if let maximum = parameter.maxItems, count > maximum.value {
            try broken(parameter, "holds \(count) items; at most \(maximum.value) are allowed", maximum.from)
        }
        if let minimum = parameter.minItems, count < minimum.value {
            try broken(parameter, "holds \(count) items; at least \(minimum.value) are needed", minimum.from)
        }
        if let keys = parameter.itemKeys {
            for (index, element) in value.elements.enumerated() where !warnings.isFull {
                for key in keys.value where element.member(key.key)?.isBlank ?? true {
                    try broken(parameter, "item \(index) has no \"\(key.key)\"", keys.from)
                }
            }
        }
        if let sum = parameter.itemsSum {
            let total = value.sum(of: sum.value.key)
            if value.hasNegative(sum.value.key) {
                try broken(parameter, "has an item with a negative \"\(sum.value.key)\"", sum.from)
            }
            if !sum.value.oneOf.contains(total) {
                let list = sum.value.oneOf.map { Scalar.number($0).description }.joined(separator: ", ")
                try broken(
                    parameter, "adds up to \(Scalar.number(total)) by \"\(sum.value.key)\"; it must be one of \(list)",
                    sum.from)
            }
        }
    }

    /// The count of reference media over all keys that carry them.
    private mutating func checkReferences() throws(Refusal) {
        guard let maximum = check.model.maxReferences, let first = check.imagesAt.first else { return }
        var count = 0
        for index in check.imagesAt {
            guard let value = given[index].value, !value.isBlank else { continue }
            count += value.kind == .array ? value.elements.count : 1
        }
        guard count > maximum.value else { return }
        try broken(
            check.parameters[first],
            "and its like hold \(count) references; at most \(maximum.value) are allowed", maximum.from)
    }

    private mutating func warn(_ parameter: Parameter, _ problem: String, _ from: Provenance) {
        warnings.add(
            Warning(key: "\(parameter.place.value.rawValue).\(parameter.key)", problem: problem, from: from))
    }
}

extension Parameter {
    /// Whether a numeric string stands for a number.
    var isNumeric: Bool {
        self.type?.value == .integer || self.type?.value == .number
    }
}

extension Parameter.ValueType {
    var isList: Bool {
        switch self {
        case .urls, .strings, .objects: true
        case .string, .integer, .number, .boolean, .url, .object, .index: false
        }
    }

    /// As it reads in a sentence.
    var phrase: String {
        switch self {
        case .string: "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .boolean: "a boolean"
        case .url: "a URL in a string"
        case .urls: "an array of URLs"
        case .strings: "an array of strings"
        case .objects: "an array of objects"
        case .object: "an object"
        case .index: "an index"
        }
    }
}

extension JSONValue {
    /// The number itself, or the one that a text writes.
    var writtenNumber: Double? { number ?? utf8.flatMap(plainNumber) }

    /// The sum of a number over the objects of an array, to three decimals; texts that write numbers count.
    ///
    /// Rounded, since eight times 1.1 and once 1.2 make 10, though not in binary fractions.
    func sum(of key: String) -> Double {
        var total = 0.0
        for element in elements { total += element.member(key)?.writtenNumber ?? 0 }
        return (total * 1_000).rounded() / 1_000
    }

    /// Whether the number is below zero in any object of an array.
    func hasNegative(_ key: String) -> Bool {
        elements.contains { ($0.member(key)?.writtenNumber ?? 0) < 0 }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The number of Unicode scalars in valid UTF-8.
    var characterCount: Int {
        var count = 0
        for byte in self where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }
}
