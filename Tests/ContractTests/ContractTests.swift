import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct ContractTests {
    @Test(arguments: World.allCases, (try? Fixtures.transcripts.get()) ?? [])
    func `a transcript plays as it is written`(world: World, transcript: Transcript) throws {
        var player = Player(transcript, in: world)
        try player.play()
    }

    @Test func `every clause has a transcript and every transcript a clause`() throws {
        let transcripts = try Fixtures.transcripts.get()
        #expect(transcripts.map(\.clause).sorted() == Clause.allCases.map(\.rawValue).sorted())
        let strangers = try Fixtures.names(in: Fixtures.contract).filter { $0 != "README.md" && !$0.hasSuffix(".txt") }
        #expect(strangers.isEmpty)
    }

    @Test func `every transcript starts a server, states its provenance and holds two exchanges or more`() throws {
        for transcript in try Fixtures.transcripts.get() {
            let exchanges = transcript.steps.count { if case .exchange = $0.kind { true } else { false } }
            #expect(exchanges >= 2, "\(transcript.clause)")
            let words = transcript.provenance.split(separator: " ").filter { $0 != "/" }
            #expect(!words.isEmpty && words.allSatisfy { "DLUA".contains($0) }, "\(transcript.clause)")
            guard case .server = transcript.steps.first?.kind else {
                Issue.record("\(transcript.clause) starts no server")
                continue
            }
        }
    }
}
