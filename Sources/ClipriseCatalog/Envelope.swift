internal import ClipriseJSON
internal import ClipriseWire

/// The root of a body with the keys that every model has, found in one pass.
struct Envelope {
    let root: JSONValue
    private(set) var model: JSONValue?
    private(set) var callBackURL: JSONValue?
    private(set) var input: JSONValue?
    private(set) var options: JSONValue?
    /// Whether there are keys beside these.
    private(set) var hasOthers = false

    /// Of two equal keys the last counts, as in JavaScript.
    init(_ root: JSONValue) {
        self.root = root
        for member in root.members {
            if member.key.equals("model") {
                model = member.value
            } else if member.key.equals("input") {
                input = member.value
            } else if member.key.equals("callBackUrl") {
                callBackURL = member.value
            } else if member.key.equals("options") {
                options = member.value
            } else {
                hasOthers = true
            }
        }
    }
}

/// What stands under `options` at the root.
enum OptionsText {
    case absent
    case object(JSONValue)
    case wrongType(JSONValue.Kind)
    case noObject(JSONValue.Kind)
    case noJSON(JSONError)
}
