/// Which edition of the service is imitated (contract, PRO-1 to PRO-3).
public enum ContractProfile: String, Sendable, Hashable, CaseIterable {
    case documented
    case snapshot = "snapshot-2026-04-04"
    case later
}
