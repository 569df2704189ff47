import ClipriseWire
import RawSocket
import Testing

@Suite(.ownThreads) struct ContractTests {
    /// The clauses of the contract, by the tables they stand in.
    static let clauses = [
        "HOST-1", "HOST-2", "HOST-3", "HOST-4", "HTTP-1", "HTTP-2", "HTTP-3", "GEN-1", "GEN-2", "GEN-3", "GEN-4",
        "GEN-5", "GEN-6", "GEN-7", "GEN-8", "GEN-9", "GEN-10", "GEN-11", "GEN-12", "STA-1", "STA-2", "STA-3", "STA-4",
        "STA-5", "STA-6", "STA-7", "STA-8", "CR-1", "CR-2", "CR-3", "CR-4", "CR-5", "CR-6", "CR-7", "CB-1", "CB-2",
        "PRO-1", "PRO-2", "PRO-3",
    ]

    @Test(arguments: World.allCases, (try? Fixtures.transcripts.get()) ?? [])
    func `a transcript plays as it is written`(world: World, transcript: Transcript) throws {
        var player = Player(transcript, in: world)
        try player.play()
    }

    @Test func `every clause has a transcript and every transcript a clause`() throws {
        let transcripts = try Fixtures.transcripts.get()
        #expect(transcripts.map(\.clause).sorted() == Self.clauses.sorted())
        #expect(Set(Self.clauses) == Set(Clause.allCases.map(\.rawValue)))
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
