internal import ClipriseWire

/// The answers of one loop that no connection has, and memory for a body.
///
/// What came back last goes first: it is still near the processor, however many connections there are.
final class Spares {
    private static let size = 8
    /// In memory of its own: an array would be asked each time whether somebody else holds it.
    private let answers = UnsafeMutableBufferPointer<OwnAnswer>.allocate(capacity: size)
    private var count = 0
    private let body = UnsafeMutablePointer<[UInt8]>.allocate(capacity: 1)

    init() { body.initialize(to: []) }

    deinit {
        for place in 0..<count { answers.deinitializeElement(at: place) }
        answers.deallocate()
        body.deinitialize(count: 1)
        body.deallocate()
    }

    /// An answer of this length and type, for one connection alone.
    func take(for bytes: [UInt8], _ type: ResponsePlan.ContentType?) -> OwnAnswer? {
        var place = count - 1
        while place >= 0, !answers[place].fits(bytes, type) { place -= 1 }
        return place < 0 ? nil : remove(place)
    }

    /// Takes an answer back that the library is done with.
    func put(_ answer: consuming OwnAnswer) {
        if count == Self.size { _ = remove(0) }
        answers.initializeElement(at: count, to: answer)
        count += 1
    }

    private func remove(_ place: Int) -> OwnAnswer {
        let answer = answers.moveElement(from: place)
        count -= 1
        for later in place..<count { answers.initializeElement(at: later, to: answers.moveElement(from: later + 1)) }
        return answer
    }

    /// Gives memory to a body that has none: most requests are answered before another one begins.
    func lend(to other: inout [UInt8]) { if other.capacity == 0 { swap(&other, &body.pointee) } }

    /// Takes the memory of a body that is empty, if there is none yet.
    func takeBack(_ other: inout [UInt8]) { if body.pointee.capacity == 0 { swap(&other, &body.pointee) } }
}
