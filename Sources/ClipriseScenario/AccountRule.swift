internal import ClipriseWire

/// Accounts that exist from the start.
public struct AccountRule: Sendable, Hashable {
    /// The key, or with `count` the beginning of the keys `KEY1` … `KEYn`.
    public var key: String
    /// Nil makes one account with exactly this key.
    public var count: Int?
    public var credits: Int64

    public init(key: String, count: Int? = nil, credits: Int64) {
        self.key = key
        self.count = count
        self.credits = credits
    }
}

// MARK: As written

extension Forms {
    /// The most accounts that exist from the start, all lines together.
    static let accountTotalLimit = 100_000

    private static let key = Form<String>.scalar(
        "a key of \(AccountKey.rule)",
        schema: .pattern("^[!-~]{1,\(AccountKey.limit)}$")
    ) { content in
        guard case .text(let text) = content, AccountKey.isValid(text.utf8) else { return nil }
        return text
    }.writing(JSONFragment.text)

    static let account = Form<AccountRule>.record("an account", AccountRule(key: "", credits: 10_000)) {
        account, fields in
        var key = fields.isWriting && account.count == nil ? account.key : nil
        var prefix = fields.isWriting && account.count != nil ? account.key : nil
        fields.optional("key", &key, Forms.key, "The key of one account.")
        fields.optional("prefix", &prefix, Forms.key, "What the keys of many accounts start with.")
        fields.optional("count", &account.count, integer(1...accountTotalLimit), "How many: PREFIX1 to PREFIXn.")
        fields.optional("credits", &account.credits, credits, "What it starts with; 10000 by default.")
        fields.exactlyOne(of: ["key", "prefix"])
        fields.companions([("count", ["prefix"]), ("prefix", ["count"])])
        account.key = key ?? prefix ?? ""
    }.named("account")
}

extension [AccountRule] {
    /// Why these accounts cannot stand together, or nil.
    var problem: String? {
        var total = 0
        var keys: Set<String> = []
        for account in self {
            total += account.count ?? 1
            if !keys.insert(account.key).inserted { return "the account \"\(account.key)\" is there twice" }
        }
        return total > Forms.accountTotalLimit ? "more than \(Forms.accountTotalLimit) accounts in all" : nil
    }
}
