internal import ClipriseJSON

/// The accounts of several servers.
///
/// Behind a balancer that hashes on the key each is used on one of them.
public struct GatheredAccounts {
    public struct Account {
        public var key: String
        public var credits: Int64
        public var held: Int64
        /// Position of the server.
        public var server: Int
        /// Whether its money has moved.
        public var isUsed = true
    }

    /// The most accounts of one answer.
    public static let page = 100_000

    public private(set) var accounts: [Account] = []
    private var byKey: [String: [Int]] = [:]

    public init() {}

    /// Adds a page of `GET /__admin/accounts`.
    ///
    /// - Returns: How many accounts the server has; nil when it is no such page.
    public mutating func add(_ page: [UInt8], server: Int) -> Int? {
        let read = withJSON(page) { json -> (total: Int, accounts: [Account])? in
            guard json.isObject, let total = json[key: "total"]?.integer, let list = json[key: "accounts"],
                list.kind == .array
            else { return nil }
            var accounts: [Account] = []
            for item in list.elements {
                guard item.isObject, let key = item[key: "key"]?.string, let credits = item[key: "credits"]?.integer
                else { return nil }
                accounts.append(
                    Account(
                        key: key, credits: credits, held: item[key: "held"]?.integer ?? 0, server: server))
            }
            return (Int(total), accounts)
        }
        guard case .success(let found?) = read else { return nil }
        for account in found.accounts {
            byKey[account.key, default: []].append(accounts.count)
            accounts.append(account)
        }
        return found.total
    }

    /// Positions of accounts whose key is on several servers.
    public var doubled: [Int] { accounts.indices.filter { (byKey[accounts[$0].key]?.count ?? 0) > 1 } }

    public mutating func note(_ position: Int, isUsed: Bool) { accounts[position].isUsed = isUsed }

    /// One for each key: the one that was used, or the first.
    public var chosen: [Account] {
        accounts.indices.compactMap { index in
            let places = byKey[accounts[index].key] ?? []
            let used = places.filter { accounts[$0].isUsed }
            return (used.first ?? places.first) == index ? accounts[index] : nil
        }
    }

    /// Keys that were used on several servers, with these.
    public var scattered: [(key: String, servers: [Int])] {
        accounts.indices.compactMap { index in
            let used = (byKey[accounts[index].key] ?? []).filter { accounts[$0].isUsed }
            guard used.count > 1, used.first == index else { return nil }
            return (accounts[index].key, used.map { accounts[$0].server })
        }
    }
}
