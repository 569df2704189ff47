extension EnvironmentOptions {
    typealias Option = (name: String, kind: Kind)

    enum Kind {
        case flag, value
        /// Values separated by commas.
        case values
    }

    /// What commands with commands of their own do when none of these is named.
    static let usual = ["models": "list", "scenario": "list", "state": ""]

    /// Every option of every command, but for `--host` of `conformance`: `CLIPRISE_MOCK_HOST` is the address that
    /// `serve` listens on.
    static let options: [String: [Option]] = [
        "serve": world + serve,
        "exec": world + exec,
        "grade": [
            ("scenario", .value), ("format", .value), ("strict", .flag), ("explain", .flag), ("catalog", .value),
        ],
        "scenario list": [("json", .flag)],
        "scenario show": [],
        "scenario check": [("catalog", .value)],
        "scenario schema": [],
        "simulate": [
            ("clients", .value), ("policy", .values), ("for", .value), ("arrival", .value), ("seed", .value),
            ("credits", .value), ("shared-account", .flag), ("time-scale", .value), ("profile", .value),
            ("catalog", .value), ("goal", .values), ("graded", .value), ("strict", .flag), ("json", .flag),
            ("csv", .flag), ("jobs", .values), ("plot", .value), ("record", .value), ("seeds", .value),
            ("vary", .value), ("shard", .value), ("arrivals", .value), ("lives", .value), ("from-log", .value),
            // These have commas of their own.
            ("fleet", .value), ("sweep", .value), ("hunt", .value), ("report", .values),
        ],
        "replay": [("catalog", .value)],
        "prove": [
            ("policy", .value), ("faults", .value), ("polls", .value), ("model", .value), ("record", .value),
            ("json", .flag), ("catalog", .value),
        ],
        "shrink": [("catalog", .value), ("tries", .value), ("expect", .value), ("record", .value)],
        "models list": [("catalog", .value), ("kind", .value), ("json", .flag)],
        "models show": [("catalog", .value), ("verified", .value), ("json", .flag)],
        "models schema": [],
        "models coverage": [("catalog", .value), ("verified", .value), ("json", .flag)],
        "certificate": [("dir", .value)],
        "health": [("url", .value), ("port", .value), ("timeout", .value)],
        "quote": [
            ("catalog", .value), ("json", .flag), ("strict", .flag), ("profile", .value), ("unknown-model", .value),
        ],
        "openapi": [("catalog", .value), ("profile", .value), ("format", .value)],
        "conformance": [
            ("base-url", .value), ("api-key-env", .value), ("spend-cap", .value), ("unpriced", .value),
            ("profile", .value), ("format", .value), ("write-profile", .value), ("catalog", .value),
        ],
        "proxy": [
            ("upstream", .value), ("spend-cap", .value), ("unpriced", .value), ("record", .value), ("lives", .value),
            ("port", .value), ("listen", .value), ("profile", .value), ("catalog", .value),
            ("tls", .flag), ("tls-port", .value), ("tls-dir", .value), ("tls-silent-close", .flag),
        ],
        "mcp": [],
        "helper": [("list", .flag)],
        "state ": [],
        "state check": [("catalog", .value)],
        "state export": [("catalog", .value)],
        "state import": [("scenario", .values), ("catalog", .value)],
    ]

    /// What `serve` and `exec` have in common.
    private static let world: [Option] = [
        ("scenario", .values), ("account", .values), ("open", .flag), ("profile", .value), ("unknown-model", .value),
        ("seed", .value), ("catalog", .value), ("time-scale", .value), ("realistic", .flag), ("journal-limit", .value),
        ("journal-memory", .value), ("bodies", .value), ("callback-allow", .values), ("callback-to", .value),
    ]

    private static let serve: [Option] = [
        ("port", .value), ("host", .value), ("accept-host", .values), ("host-gate", .value), ("strict", .flag),
        ("workers", .value), ("log-level", .value), ("log", .value), ("body-limit", .value),
        ("connection-limit", .value), ("connections-per-address", .value), ("idle-timeout", .value),
        ("admin-token", .value), ("watch", .flag), ("record", .value), ("tls", .flag), ("tls-port", .value),
        ("tls-dir", .value), ("tls-silent-close", .flag), ("public-url", .value), ("state", .value),
        ("state-sync", .value), ("state-journal", .flag), ("keep-tasks", .value),
    ]

    private static let exec: [Option] = [
        ("host-gate", .value), ("accept-host", .values), ("strict", .flag), ("strict-input", .flag),
        ("report", .values), ("record", .value), ("quiet", .flag), ("log-level", .value), ("env", .values),
        ("allow-idle", .flag), ("explain", .flag), ("virtual-time", .flag), ("tls", .flag), ("intercept", .flag),
        ("tls-dir", .value), ("hunt", .value),
    ]
}
