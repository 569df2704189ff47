internal import ClipriseJSON
internal import ClipriseWire

/// What only some editions of the service ask or allow (contract, PRO-2 and PRO-3).
extension BodyCheck {
    /// Takes a body without `input`, all fields at the root, where the edition has such bodies.
    mutating func collectRootOnly() throws(Refusal) {
        guard policy.takesRootOnly, let rootOnly = check.model.takesRootOnly, rootOnly.value,
            !policy.isEnforced(rootOnly.from)
        else { throw .fieldRequired("input") }
        warnings.add(
            Warning(
                key: "input",
                problem: "is absent, so all fields are read at the root; that this model has such bodies is inferred",
                from: rootOnly.from))
        for member in envelope.root.members {
            if member.key.equals("model") || member.key.equals("callBackUrl") || member.key.equals("input") { continue }
            if member.key.equals("options"), check.hasOptions { continue }
            collect(member.key, member.value, in: .input)
        }
    }

    /// Whether the prompt must stand at the root and in `input`, although the model's parameters do not say so: the
    /// verification table of the reference notes it.
    var wantsPromptTwin: Bool {
        policy.requiresTwins && !check.needsTwins && check.model.verification?.value == .rootAndInput
    }

    /// GEN-8, for a model whose verification asks for root and input.
    func checkPromptTwin() throws(Refusal) {
        guard wantsPromptTwin, let prompt = check.promptAt, let inner = given[prompt].value else { return }
        let key = check.parameters[prompt].key
        guard let rootPrompt, !rootPrompt.isBlank else {
            throw refusal(.gen8, "\(key) must also stand at the root")
        }
        guard rootPrompt.isSame(as: inner) else { throw refusal(.gen8, "\(key) differs between the root and input") }
    }

    /// Says that the model is none of the catalogue.
    mutating func warnOfAnyModel() {
        guard let asked = envelope.model?.utf8 else { return }
        warnings.add(
            Warning(
                key: "model",
                problem:
                    "\"\(String(quoting: asked))\" is not in the catalogue; taken at no price, its input unchecked",
                from: .assumed))
    }
}

extension Catalog {
    /// This catalogue with one model more, which stands for every id that is not in it (`CheckPolicy.takesAnyModel`): it
    /// costs nothing and makes a picture.
    public func takingAnyModel() throws(CatalogError) -> Catalog {
        guard anyModel == nil else { return self }
        let text = """
            {"model":"\(Model.anyID)",
             "assumed":{"name":"Any other model","kind":"image","result":"jpeg","typical_seconds":30,
              "refusal":"code_400","note":"Stands for each id that is not in the catalogue."},
             "parameters":[{"key":"prompt","key_from":"assumed",
              "assumed":{"place":"input","type":"string","role":"prompt"}}],
             "price":{"per":"task","per_from":"assumed","rows":[
              {"unit":"Task","credits":0,"from":"assumed","when":{},"when_from":"assumed"}]}}
            """
        return try adding([(name: "\(Model.anyID).json", text: Array(text.utf8))])
    }

    /// The model that stands for all others, for a body that has all that every body needs; with less than that an unknown
    /// model is an unknown model.
    func anyModel(_ envelope: Envelope, _ policy: CheckPolicy) -> Entry? {
        guard policy.takesAnyModel, let url = envelope.callBackURL, !url.isBlank, envelope.input?.isObject ?? false
        else {
            return nil
        }
        return anyModel
    }

    private var anyModel: Entry? {
        Array(Model.anyID.utf8).withUnsafeBufferPointer { entry($0) }
    }
}

extension Model {
    /// The id of the model that stands for all that are not in the catalogue.
    public static let anyID = "any-model"
}
