// Status queries and admin requests. No admin request here is one that changes credits: amounts are out of range, resets are
// sent with another method or from another origin.

internal import Spoiling

private let tasks = [
    "", "0", "null", "undefined", "%00", "0000000000000000000000000000000", "000000000000000000000000000000000",
    "00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
    "0000000000000000000000000000000g", "%30%30", "%FF%FE", "..%2F..", "%", "%2", "%zz", "+",
    "7fffffffffffffffffffffffffffffff",
    "80000000000000000000000000000000", "00000000000000000000000000000001", "\u{663}", "%F0%9F%98%80", "' OR 1=1 --",
]

private let amounts = [
    "0", "-0", "0.5", "1e999", "1e13", "1000000000001", "1000000000000", "-10001", "-1000000000000",
    "9223372036854775807", "-9223372036854775808",
    "-9223372036854775809", "18446744073709551615", "18446744073709551616", "\"5\"", "null", "true", "[]", "{}", "[5]",
    "NaN", "-", "1e-5", "",
]

private let adminPaths = [
    "", "/", "//", "/health/", "/healthy", "/accounts/", "/accounts/%00", "/accounts/%FF", "/accounts/\(Payer.rich)%00",
    "/accounts/a/b/c/d",
    "/accounts/%2F/ledger", "/accounts/\(Payer.rich)/ledger?start=-1",
    "/accounts/\(Payer.rich)/ledger?start=9223372036854775808",
    "/accounts/\(Payer.rich)/ledger?limit=0", "/accounts/\(Payer.rich)/ledger?limit=99999999999999999999",
    "/accounts/\(Payer.rich)/ledger?start=%00",
    "/accounts/\(Payer.rich)/ledger?start=2147483647&limit=100000", "/accounts/\(Payer.rich)/credits/",
    "/accounts/\(Payer.rich)/\u{1B}[2J",
    "//accounts/\(Payer.rich)/credits", "/tasks", "/tasks/", "/tasks/0", "/tasks/%00",
    "/tasks/00000000000000000000000000000000", "/rest", "/reset/now",
    "/%72eset", "/accounts?key=a", "/\u{301}", "/acounts", "/accounts/..", "/accounts/\(Payer.rich)?", "/health?a=%",
    "/health#",
]

private let adminBodies = [
    " ", "{", "[]", "null", "5", "\"", "{\"key\":5}", "{\"key\":\"\"}", "{\"key\":\"a b\"}",
    "{\"key\":\"\\u0000\"}", "{\"key\":\"\u{E9}\"}", "{\"credits\":-1}",
    "{\"credits\":1e999}", "{\"credits\":1000000000001}", "{\"credits\":\"5\"}", "{\"credits\":0.5}",
    "{\"key\":\"\(Payer.rich)\",\"credits\":5}", "{\"kye\":\"a\"}",
    "{\"state\":\"succes\"}", "{\"state\":5}", "{\"state\":\"failed\",\"failMsg\":\"\\ud800\"}", "{\"\":{}}",
    "{\"key\":\"\\ud800\"}", "\0", "{\"key\":null,\"x\":1}",
]

let pollFamilies: [Family] = [
    sound("status queries", 70) { chance, _ in
        let key = chance.pick([
            Payer.rich, Payer.poor, "unknown", "", "%00", "%FF", String(repeating: "k", count: 3_000),
        ])
        let download = chance.pick([
            "", "&download=true", "&download=TRUE", "&download", "&download=true&download=false",
        ])
        var draft = Draft.status(ascii("?apiKey=\(key)&taskId=\(chance.pick(tasks).replacingSpaces)\(download)"))
        draft.method = chance.pick(["GET", "GET", "GET", "HEAD", "POST", "DELETE", "OPTIONS"])
        if chance.oneIn(3) {
            let range = chance.pick([
                "bytes=0-", "bytes=-0", "bytes=9-1", "bytes=99999999999999999999-", "bytes=0-0,1-1", "\u{0}", "bytes=",
            ])
            if range != "\u{0}" { draft.fields.append(("Range", ascii(range))) }
        }
        return draft
    },
    sound("queries of any bytes", 30) { chance, _ in
        // Any byte but those that end a target or the request line.
        .status(
            ascii("?")
                + chance.bytes(chance.below(300)).filter { $0 != 0 && $0 != 10 && $0 != 13 && $0 != 32 && $0 != 9 })
    },
]

let adminFamilies: [Family] = [
    sound("admin paths", 40) { chance, _ in
        let draft = Draft.admin(
            chance.pick(["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "BREW"]), chance.pick(adminPaths))
        // In any spelling that would take an account away, as it should.
        let isRemoval = draft.method == "DELETE" && draft.target.starts(with: ascii("/__admin/accounts/"))
        return isRemoval ? .admin("BREW", "/accounts/\(Payer.rich)") : draft
    },
    sound("admin bodies", 30) { chance, _ in
        let path = chance.pick([
            "/accounts", "/tasks/00000000000000000000000000000000", "/accounts/\(Payer.rich)/credits",
        ])
        return .admin("POST", path, ascii(chance.pick(adminBodies)))
    },
    sound("admin amounts", 30) { chance, _ in
        .admin("POST", "/accounts/\(Payer.rich)/credits", ascii("{\"amount\":\(chance.pick(amounts))}"))
    },
    sound("deep and long admin bodies", 6) { chance, _ in
        let item = chance.pick(["[", "{\"key\":", "\"", "{\"\u{301}", "{\"amount\":1", " "])
        return .admin("POST", "/accounts/\(Payer.rich)/credits", repeated(item, chance.pick([65, 1_000, 100_000])))
    },
    sound("resets from elsewhere", 14) { chance, _ in
        var draft = Draft.admin("POST", "/reset")
        switch chance.below(4) {
        case 0: draft.method = "GET"
        case 1:
            draft.fields[0].value = ascii(
                chance.pick(["evil.example", "127.0.0.1.evil.example", "business.api.cliprise.app", "", "["]))
        case 2:
            draft.fields.append(
                ("Origin", ascii(chance.pick(["http://evil.example", "null", "", "http://127.0.0.1:1"]))))
        default: draft.fields.append(("Sec-Fetch-Site", ascii(chance.pick(["cross-site", "same-site", ""]))))
        }
        return draft
    },
]

extension String {
    fileprivate var replacingSpaces: String { String(map { $0 == " " ? "+" : $0 }) }
}
