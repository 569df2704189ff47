import ProgramRunner
import RawSocket
import Testing

/// What is recorded of libraries, against the libraries that are installed.
@Suite(.ownThreads, .enabled(if: Program.python.works("-c", "import botocore"), "botocore is not installed"))
struct ModelTests {
    @Test func `what is recorded of botocore's adaptive mode is what botocore does`() throws {
        let outcome = try Program.python.run([Repository.path("fixtures/libraries/aws-adaptive.py")])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try outcome.output == Repository.text("fixtures/libraries/aws-adaptive.tsv"))
    }
}
