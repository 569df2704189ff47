import Foundation
import ProgramRunner
import Testing

/// The helpers that the README gives to other languages' tests, as they stand there.
@Suite struct ReadmeHelperTests {
    /// The first block of this language in the README.
    private func block(_ language: String) throws -> String {
        let readme = try Repository.text("README.md")
        let start = try #require(readme.range(of: "\n```\(language)\n"))
        let end = try #require(readme[start.upperBound...].range(of: "\n```\n"))
        return String(readme[start.upperBound..<end.lowerBound]) + "\n"
    }

    private func write(_ text: String, _ path: String) throws {
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    @Test(.enabled(if: Program.python.works("-c", "import pytest"), "python3 package pytest is not installed"))
    func `the pytest fixture gives each test an account of its own`() throws {
        try withFolder { folder in
            try write(try block("python"), "\(folder)/conftest.py")
            try write(
                """
                seen = []

                def check(key):
                    assert key.startswith("mock-") and key not in seen
                    seen.append(key)

                def test_one(cliprise_key): check(cliprise_key)
                def test_two(cliprise_key): check(cliprise_key)
                """, "\(folder)/test_keys.py")
            let outcome = try Program.mock.run(
                [
                    "exec", "--quiet", "--allow-idle", "--", "python3", "-m", "pytest", "-q", "-p", "no:cacheprovider",
                    folder,
                ])
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output.contains("2 passed"))
        }
    }

    @Test(.enabled(if: Program.node.works("-e", "fetch"), "node with fetch (18 or later) is not installed"))
    func `the Node helper gives a new key each time`() throws {
        try withFolder { folder in
            try write(try block("js"), "\(folder)/key.mjs")
            try write(
                """
                import { newKey } from "./key.mjs";
                const keys = [await newKey(), await newKey(5)];
                process.exit(keys[0] !== keys[1] && keys.every((key) => key.startsWith("mock-")) ? 0 : 1);
                """, "\(folder)/check.mjs")
            let outcome = try Program.mock.run(["exec", "--quiet", "--allow-idle", "--", "node", "\(folder)/check.mjs"])
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }
}
