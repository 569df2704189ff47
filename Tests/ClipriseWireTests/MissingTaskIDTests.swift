import ClipriseWire
import Testing

@Suite struct MissingTaskIDTests {
    @Test(arguments: [
        "", "undefined", "null", "None", "nil", "NaN", "[object Object]", "[object Promise]", "{'code': 400}", "<nil>",
        "(null)",
    ])
    func `what a program writes for nothing is no id`(text: String) {
        #expect(MissingTaskID.isMeant(by: Array(text.utf8)[...]))
        #expect(MissingTaskID.isMeant(by: nil))
    }

    @Test(arguments: ["0123456789abcdef0123456789abcdef", "does-not-exist", "0", "nothing", "nullable", "A%20"])
    func `any other text is one, known or not`(text: String) {
        #expect(!MissingTaskID.isMeant(by: Array(text.utf8)[...]))
    }
}
