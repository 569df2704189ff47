import CClipriseData
import Foundation
import ProgramRunner
import RawSocket
import Testing

/// The helpers of `cliprise-mock helper`, each printed by the program and run by the runner that it is for.
@Suite(.ownThreads) struct HelperTests {
    /// A small project in a folder of its own: the printed helper, files of `samples`, and how it is run.
    struct Project: Sendable, CustomTestStringConvertible {
        var helper: String
        /// The name that the helper is saved under.
        var file: String
        var samples: [String: String]
        /// For a shell in the folder.
        var command: String
        /// What the runner says of the test that fails.
        var failure: String

        var testDescription: String { helper }

        func lay(in folder: String) throws {
            let printed = try Program.mock.run(["helper", helper])
            try #require(printed.status == 0)
            try printed.output.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8)
            for (sample, name) in samples {
                let path = "\(folder)/\(name)"
                try FileManager.default.createDirectory(
                    atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
                    withIntermediateDirectories: true)
                try Repository.text("Tests/HelperTests/samples/\(sample)")
                    .write(toFile: path, atomically: true, encoding: .utf8)
            }
            if helper == "vitest" {
                try #"{"name":"vitest","type":"module","exports":"./index.mjs"}"#
                    .write(toFile: "\(folder)/node_modules/vitest/package.json", atomically: true, encoding: .utf8)
            }
        }
    }

    /// With the one plugin that is asked for, whatever else this machine has.
    static let pytest = "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python3 -m pytest -q -p no:cacheprovider -p xdist"

    static let projects = [
        Project(
            helper: "pytest", file: "conftest.py", samples: ["client.py": "client.py", "test_pytest.py": "test_it.py"],
            command: "\(pytest) -n 2 --cliprise-report report.jsonl",
            failure: "test_bad"),
        Project(
            helper: "unittest", file: "cliprise_mock_case.py",
            samples: ["client.py": "client.py", "test_unittest.py": "test_it.py"],
            command: "python3 -B -m unittest test_it", failure: "FAIL: test_bad"),
        Project(
            helper: "vitest", file: "cliprise-mock.mjs",
            samples: [
                "client.mjs": "client.mjs", "vitest.test.mjs": "it.test.mjs",
                "shim-vitest.mjs": "node_modules/vitest/index.mjs",
            ], command: "node --test it.test.mjs", failure: "not ok"),
        Project(
            helper: "jest", file: "cliprise-mock.cjs",
            samples: ["client.mjs": "client.mjs", "jest.test.js": "it.test.js"],
            command: """
                echo '{}' >package.json
                sed 's/^export //; $a module.exports = { make };' client.mjs >client.js
                jest
                """, failure: "pictures › bad"),
        Project(
            helper: "go", file: "cliprise_mock_test.go", samples: ["client_test.go": "client_test.go"],
            command: """
                export GOCACHE=$PWD/cache GOFLAGS=-mod=mod
                go mod init example >/dev/null 2>&1
                gofmt -l *.go
                test -z "$(gofmt -l *.go)" && go vet . && go test .
                """,
            failure: "--- FAIL: TestBad"),
        Project(
            helper: "junit", file: "ClipriseMock.java", samples: ["PictureTest.java": "PictureTest.java"],
            command: """
                jars=$(ls /usr/share/java/junit-jupiter*.jar /usr/share/java/junit-platform*.jar \
                    /usr/share/java/opentest4j.jar /usr/share/java/apiguardian-api.jar /usr/share/java/picocli.jar \
                    /usr/share/java/univocity-parsers.jar 2>/dev/null | tr '\\n' ':')
                javac -cp "$jars" -d classes *.java && java -cp "$jars:classes" \
                    org.junit.platform.console.ConsoleLauncher --select-class PictureTest --disable-banner
                """, failure: "cliprise-mock: bad"),
        Project(
            helper: "rspec", file: "cliprise_mock.rb", samples: ["picture_spec.rb": "picture_spec.rb"],
            command: "rspec --no-color picture_spec.rb", failure: "pictures bad buys again"),
        Project(
            helper: "swift", file: "ClipriseMock.swift", samples: ["Pictures.swift": "Pictures.swift"],
            // A proxy that is not there is not asked.
            command: """
                swiftc -swift-version 6 -warnings-as-errors -parse-as-library ClipriseMock.swift Pictures.swift -o pictures
                http_proxy=http://127.0.0.1:9 ./pictures
                """, failure: "cliprise-mock: bad"),
    ]

    @Test(arguments: projects)
    func `a good client passes, and one that buys twice fails with the evidence`(project: Project) throws {
        try withFolder { folder in
            try project.lay(in: folder)
            let own = ["CLIPRISE_MOCK_BINARY": Program.mock.path, "HOME": folder]
            let good = try Program.bash.run(["-c", project.command], environment: own, folder: folder)
            try #require(good.status == 0, "\(good.output)\n\(good.errors)")
            let bad = try Program.bash.run(
                ["-c", project.command], environment: own.merging(["WITH_BAD": "1"]) { $1 }, folder: folder)
            let said = bad.output + bad.errors
            #expect(bad.status != 0)
            #expect(said.contains(project.failure), "\(said)")
            // The report stands in the failure: what it cost, and the requests that prove it.
            #expect(said.contains("no_double_charge") && said.contains("generate"), "\(said)")
        }
    }

    @Test func `under exec the helper takes the server that is there`() throws {
        let project = try #require(Self.projects.first { $0.helper == "unittest" })
        try withFolder { folder in
            try project.lay(in: folder)
            let outcome = try Program.mock.run(
                ["exec", "--quiet", "--", "bash", "-c", project.command],
                environment: ["CLIPRISE_MOCK_BINARY": "/nonexistent"], folder: folder)
            #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
        }
    }

    @Test(arguments: ["github", "compose", "kubernetes", "kubernetes-indexed-job"])
    func `a definition is YAML`(name: String) throws {
        let printed = try Program.mock.run(["helper", name])
        let read = try Program.python.run(
            ["-c", "import sys, yaml; assert all(isinstance(d, dict) for d in yaml.safe_load_all(sys.stdin))"],
            input: printed.output)
        #expect(read.status == 0, "\(read.errors)")
    }

    @Test func `the devcontainer is JSON`() throws {
        let printed = try Program.mock.run(["helper", "devcontainer"])
        #expect(try JSONSerialization.jsonObject(with: Data(printed.output.utf8)) is [String: Any])
    }

    @Test func `every helper is listed, stamped and short, and every file is a helper`() throws {
        let list = try Program.mock.run(["helper"]).output
        let version = try Program.mock.run(["--version"]).output.split(separator: "\n").first.map(String.init) ?? ""
        var files: Set<String> = []
        for index in 0..<Int(cdata_helper_count()) {
            let file = cdata_helper_file(Int32(index))
            let name = String(cString: file.name)
            #expect(list.contains("\n\(name) "), "\(name) is not listed")
            let text = try Program.mock.run(["helper", name]).output
            #expect(!text.contains("@VERSION@"))
            #expect(
                text.split(separator: "\n").prefix(2).contains { line in
                    version.split(separator: " ").contains { $0.first?.isNumber ?? false && line.contains($0) }
                }, "\(name) has no version")
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count <= 151, "\(name) is long")
            files.insert(text.replacing(version, with: ""))
        }
        let folder = Repository.path("fixtures/helpers")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == files.count)
    }

    @Test func `an unknown helper is refused with the one that was meant`() throws {
        let outcome = try Program.mock.run(["helper", "pytes"])
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains(#"did you mean "pytest"?"#))
    }
}
