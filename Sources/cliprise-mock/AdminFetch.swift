internal import ClipriseHTTP
internal import ClipriseWire

/// Asks the admin APIs of servers, all at once.
struct AdminFetch {
    private let loop = HTTPLoop()
    /// As `Bearer TOKEN`, for servers beyond this machine.
    let token: String?
    let seconds: Int

    /// Of all bodies that are asked for together.
    private static let bodiesLimit = 512 << 20

    struct Question {
        var server: HealthTarget
        /// Below `/__admin/`.
        var path: String
    }

    /// The answers in the order of the questions.
    ///
    /// - Throws: `Failure` for the first server that does not answer 200, and for bodies of more than 512 MiB together.
    func answers(to questions: [Question]) throws -> [[UInt8]] {
        var bodies: [[UInt8]] = []
        let room = BodyRoom(Self.bodiesLimit)
        // Not more at a time than a listener's queue of connections takes.
        var rest = questions[...]
        while !rest.isEmpty {
            let batch = rest.prefix(64)
            let answers = batch.map { question in
                let answer = WholeAnswer(room)
                _ = loop.start(call(question), answer)
                return answer
            }
            for (question, answer) in zip(batch, answers) { bodies.append(try body(of: answer, to: question)) }
            rest = rest.dropFirst(batch.count)
        }
        return bodies
    }

    func close() { loop.shutdown() }

    private func call(_ question: Question) -> HTTPCall {
        var fields = [HTTPField("Host", question.server.authority)]
        if let token { fields.append(HTTPField("Authorization", "Bearer \(token)")) }
        return HTTPCall(
            .get, scheme: .http, host: HTTPCall.Host(question.server.host), port: question.server.port,
            target: "/__admin/\(question.path)", fields: fields,
            limits: HTTPLimits(connect: .seconds(min(10, Int64(seconds))), total: .seconds(Int64(seconds))))
    }

    private func body(of answer: WholeAnswer, to question: Question) throws -> [UInt8] {
        func failure(_ reason: String) -> Failure {
            Failure(code: .start, message: "\(question.server.authority): \(reason)")
        }
        do {
            let (head, body, isCut) = try answer.wait()
            guard !isCut else {
                throw failure("the answers to /__admin/\(question.path) have more than 512 MiB together")
            }
            switch head?.status ?? 0 {
            case 200: return body
            case 401: throw failure("it wants a token: put it into CLIPRISE_MOCK_ADMIN_TOKEN")
            case 404: throw failure("what listens there is no cliprise-mock (404 for /__admin/\(question.path))")
            case let status: throw failure("it returns \(status) for GET /__admin/\(question.path)")
            }
        } catch let problem as HTTPFailure {
            throw failure(problem.reason)
        }
    }
}
