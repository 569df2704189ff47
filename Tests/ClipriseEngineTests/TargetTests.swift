import ClipriseWire
import Testing

@testable import ClipriseEngine

@Suite struct TargetTests {
    struct Split: Sendable, CustomTestStringConvertible {
        var target: String
        var path: String
        var query = ""
        var authority: String?

        var testDescription: String { target }
    }

    static let splits = [
        Split(target: "/a/b", path: "/a/b"),
        Split(target: "/a?x=1&y", path: "/a", query: "x=1&y"),
        Split(target: "/a?x?y", path: "/a", query: "x?y"),
        Split(target: "/?", path: "/"),
        Split(target: "/a%20b", path: "/a%20b"),
        Split(target: "http://host/a?x", path: "/a", query: "x", authority: "host"),
        Split(target: "HTTPS://host:443/a", path: "/a", authority: "host:443"),
        Split(target: "http://host", path: "", authority: "host"),
        Split(target: "http://host?x", path: "", query: "x", authority: "host"),
        Split(target: "http:///a", path: "/a", authority: ""),
        Split(target: "/a?to=http://b/c", path: "/a", query: "to=http://b/c"),
        Split(target: "//host/a", path: "//host/a"),
        Split(target: "*", path: "*"),
        Split(target: "host:80", path: "host:80"),
        Split(target: "", path: ""),
        Split(target: "a?to=http://b/c", path: "a", query: "to=http://b/c"),
        Split(target: "1http://b/c", path: "1http://b/c"),
    ]

    @Test(arguments: splits)
    func `a target is taken apart undecoded`(split: Split) {
        let target = Target(Array(split.target.utf8))
        #expect(String(decoding: target.path, as: UTF8.self) == split.path)
        #expect(String(decoding: target.query, as: UTF8.self) == split.query)
        #expect(target.authority.map { String(decoding: $0, as: UTF8.self) } == split.authority)
    }

    @Test(
        arguments: [
            ("/__admin", true), ("/__admin/", true), ("/__admin/health", true), ("/__admin?x", true),
            ("http://a/__admin/health", true), ("/__admins", false), ("/__admi", false), ("/", false), ("", false),
            ("/x/__admin", false), ("/__ADMIN", false),
        ])
    func `what stands below a path is told from what only begins like it`(target: String, isBelow: Bool) {
        #expect(Target(Array(target.utf8)).isBelow("/__admin") == isBelow)
    }
}
