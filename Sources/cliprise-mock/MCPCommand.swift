internal import ArgumentParser
internal import ClipriseMCP
internal import Dispatch
internal import Glibc

struct MCPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Speak the Model Context Protocol on standard input and output, for coding agents.",
        discussion: """
            An agent that writes a client can read the contract, price a body, start a mock with a scenario, run the \
            client against it, and have it graded and explained. Messages are JSON-RPC 2.0, one a line; the \
            conversation ends with the end of the input, and so does the mock that it started.

            example of a configuration:
              {"mcpServers": {"cliprise-mock": {"command": "cliprise-mock", "args": ["mcp"]}}}
            """)

    func run() throws {
        let program = OwnProgram()
        _ = holdEndingSignals()
        DispatchQueue.global().async {
            let signal = nextEndingSignal()
            program.endAll()
            _exit(128 + signal)
        }
        var conversation = Conversation(program)
        defer { conversation.end() }
        var lines = InputLines(limit: Conversation.limit + 1)
        while let line = lines.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
            if let answer = conversation.answer(line) { write(answer + "\n", to: STDOUT_FILENO) }
        }
    }
}

/// The lines of standard input; what is beyond the limit of one is left out.
private struct InputLines {
    private let limit: Int
    private var rest: [UInt8] = []
    private var isAtEnd = false

    init(limit: Int) { self.limit = limit }

    mutating func next() -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if let mark = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[..<mark].prefix(max(0, limit - line.count))
                rest.removeFirst(mark + 1)
                return line
            }
            line += rest.prefix(max(0, limit - line.count))
            rest = []
            guard !isAtEnd, fill() else { return line.isEmpty ? nil : line }
        }
    }

    private mutating func fill() -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                isAtEnd = true
                return false
            }
            rest += piece[..<count]
            return true
        }
    }
}
