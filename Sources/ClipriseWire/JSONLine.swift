/// One JSON object on one line, its members in the order of their adding.
package struct JSONLine {
    private var members: [String] = []

    package init() {}

    package var object: String { "{\(members.joined(separator: ","))}" }

    package mutating func raw(_ key: String, _ json: String) { members.append("\"\(key)\":\(json)") }
    package mutating func number(_ key: String, _ number: Int64) { raw(key, "\(number)") }
    package mutating func flag(_ key: String, _ flag: Bool) { raw(key, "\(flag)") }
    package mutating func text(_ key: String, _ text: String) { raw(key, Self.quoted(Array(text.utf8))) }
    package mutating func list(_ key: String, _ elements: [String]) { raw(key, "[\(elements.joined(separator: ","))]") }
    /// Bytes as text where they are UTF-8, otherwise as `{"base64":…}`.
    package mutating func bytes(_ key: String, _ bytes: [UInt8]) { raw(key, Self.value(bytes)) }

    package func end(_ lines: inout [UInt8]) {
        lines += object.utf8
        lines.append(0x0A)
    }

    package static func value(_ bytes: [UInt8]) -> String {
        guard let text = String(validating: bytes, as: UTF8.self), Array(text.utf8) == bytes else {
            return "{\"base64\":\"\(Base64.encode(bytes))\"}"
        }
        return quoted(bytes)
    }

    package static func quoted(_ utf8: [UInt8]) -> String {
        var json: [UInt8] = []
        json.append(jsonString: String(decoding: utf8, as: UTF8.self))
        return String(decoding: json, as: UTF8.self)
    }
}
