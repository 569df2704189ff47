/// An error of the receiving side: a transport throws it on as it is.
struct ReceiverError: Error {
    var error: any Error
}

/// Where the bytes of a file go.
protocol DownloadTarget: Sendable {
    /// Whether `restart` is possible, so that a whole file may be looked at; otherwise only its end is.
    var canRestart: Bool { get }
    /// Takes the next bytes.
    func write(_ bytes: [UInt8]) async throws
    /// Forgets all bytes.
    func restart() async throws
    /// What is wrong with all the bytes that came.
    func defect(kind: FileKind) async throws -> FileDefect?
}

/// One download over as many requests as it takes: puts the parts together.
actor DownloadSession {
    private let target: any DownloadTarget
    private let limit: Int
    private(set) var held: Int
    private var beginning: [UInt8]
    private var entityTag: String?
    // Of the present answer:
    private var status = 0
    private var toSkip = 0
    private var total: Int?

    /// - Parameters:
    ///   - held: The bytes that the target already has.
    ///   - beginning: The first of them, at most 64.
    init(target: any DownloadTarget, held: Int, beginning: [UInt8], limit: Int) {
        self.target = target
        self.held = held
        self.beginning = beginning
        self.limit = limit
    }

    /// The fields that ask for the file from `start` on.
    func fields(from start: Int) -> MessageFields {
        var fields = MessageFields()
        if start > 0 {
            fields["Range"] = "bytes=\(start)-"
            if let entityTag { fields["If-Range"] = entityTag }
        }
        return fields
    }

    /// Takes the head of an answer with 200 or 206.
    func begin(_ head: ResponseHead) async throws {
        status = head.status
        let start: Int
        if status == 206 {
            // `bytes 400-999/1000`
            let words = (head.fields["Content-Range"] ?? "").split { " -/".contains($0) }
            guard words.count == 4, words[0].lowercased() == "bytes", let first = Int(words[1]), first >= 0,
                first <= held
            else { throw TransportFailure.lost }
            start = first
            total = Int(words[3])
        } else {
            start = 0
            total = head.fields["Content-Length"].flatMap { Int($0) }
            if held > 0, target.canRestart {
                try await target.restart()
                held = 0
                beginning = []
            }
        }
        if let total, total > limit { throw TransportFailure.answerTooLarge(limit: limit) }
        toSkip = held - start
        if let tag = head.fields["ETag"], tag.hasPrefix("\"") { entityTag = tag }
    }

    func take(_ piece: [UInt8]) async throws {
        var piece = piece[...]
        let skipped = min(toSkip, piece.count)
        piece = piece.dropFirst(skipped)
        toSkip -= skipped
        guard !piece.isEmpty else { return }
        guard held + piece.count <= limit else { throw TransportFailure.answerTooLarge(limit: limit) }
        if beginning.count < 64 { beginning += piece.prefix(64 - beginning.count) }
        do {
            try await target.write(Array(piece))
        } catch {
            throw ReceiverError(error: error)
        }
        held += piece.count
    }

    /// What has come by now.
    ///
    /// - Parameter isEnded: Whether the answer came to its end.
    func transfer(isEnded: Bool) async throws -> Answer.Transfer {
        let isComplete = isEnded && (total.map { held >= $0 } ?? true)
        let kind = FileKind(beginning: beginning)
        var transfer = Answer.Transfer(heldCount: held, isComplete: isComplete, kind: kind)
        guard isComplete else { return transfer }
        if held == 0 {
            transfer.defect = .empty
        } else if kind == .html {
            transfer.defect = .page
        } else {
            transfer.defect = try await target.defect(kind: kind)
        }
        if transfer.defect == .cut, !target.canRestart {
            // What was announced is not all there is: the rest may be had like that of an answer which broke off.
            (transfer.isComplete, transfer.defect) = (false, nil)
        }
        if transfer.defect != nil, target.canRestart {
            try await target.restart()
            held = 0
            beginning = []
            transfer.heldCount = 0
        }
        return transfer
    }
}
