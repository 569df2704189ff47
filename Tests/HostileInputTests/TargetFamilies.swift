// Request targets.

internal import Spoiling

private let paths = [
    "/", "//", "/app/cliprise/generate/", "/app//cliprise/generate", "/app/cliprise/../cliprise/generate",
    "/app/cliprise/%67enerate", "/app/cliprise/status%00", "/app/cliprise/status;a=b",
    "/app/cliprise/status#x?apiKey=1",
    "/APP/CLIPRISE/STATUS", "/__admin", "/__adminx", "/__admin/../app/cliprise/status", "/.well-known/x",
    "/favicon.ico",
    "http://business.api.cliprise.app/app/cliprise/generate", "http:///app/cliprise/generate", "http://a:b@c/",
    "http://evil.example/__admin/reset", "://", ":", "http://", "http://?", "?", "?a", "*", "a/b", "/%", "/%G1",
    "/a%zz",
    "/\u{1B}[31m", "/\"<>\\^`{|}", "/app/cliprise/generate\\", "/%2e%2e/%2e%2e/etc/passwd", "/\u{FEFF}",
]

let targetFamilies: [Family] = [
    sound("paths", 40) { chance, _ in
        var draft = Draft.generate(Payer.rich, ascii("{}"))
        draft.method = chance.pick([
            "GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND", "\u{1B}[1m",
        ])
        draft.target = ascii(chance.pick(paths))
        return draft
    },
    broken("bytes in the target", 30) { chance, _ in
        var draft = Draft.status([])
        draft.target += chance.oneIn(2) ? chance.bytes(1 + chance.below(50)) : [chance.pick([0, 9, 0x7F, 0xFF, 0x23])]
        draft.target += ascii("?apiKey=\(Payer.rich)&taskId=\u{0}")
        return draft.bytes
    },
    broken("endless targets", 8) { chance, _ in
        var draft = Draft.status([])
        draft.target += repeated(chance.pick(["a", "/", "?", "&", "%41", "\u{E9}"]), 40_000)
        return draft.bytes
    },
    // libmicrohttpd takes each argument apart in the memory of the head; with some hundreds it closes without an answer.
    broken("too many query arguments", 4) { _, _ in
        Draft.status(ascii("?") + repeated("a=b&", 800)).bytes
    },
    sound("crowds of query arguments", 12) { chance, _ in
        var query = ascii("?")
        for ordinal in 0..<200 {
            query += ascii("\(chance.pick(["a", "apiKey", "taskId", "download", ""]))=\(ordinal)&")
        }
        return .status(query)
    },
]
