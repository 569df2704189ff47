internal import ClipriseLocks
internal import ClipriseMedia
package import ClipriseWire

/// Where the bytes of result files come from.
package enum FileBodies: Sendable {
    /// Bytes of a plausible length that mean nothing: for fleets, which look at no picture.
    case standIn
    /// The very files that the server makes.
    case rendered
    /// The same, each made once.
    case kept(FileShelf)

    /// A file as it is sent.
    package struct File: Sendable {
        package var bytes: [UInt8]
        package var contentType: ResponsePlan.ContentType
        package var name: String
    }

    /// - Throws: `MediaError` for a file that cannot be rendered.
    func file(_ spec: ResultSpec) throws -> File {
        switch self {
        case .standIn:
            return File(
                bytes: StandIn.bytes(of: spec), contentType: StandIn.contentType(of: spec), name: "\(spec.name)")
        case .rendered:
            let file = try render(spec)
            return File(bytes: file.bytes, contentType: file.contentType, name: file.fileName)
        case .kept(let shelf): return try shelf.file(spec)
        }
    }
}

/// Files that were made, for many short runs that ask for the same.
package final class FileShelf: Sendable {
    private let files = Locked<[ResultSpec: FileBodies.File]>([:])
    /// More than runs of one client code ask for.
    private static let limit = 64

    package init() {}

    func file(_ spec: ResultSpec) throws -> FileBodies.File {
        if let known = files.withLock({ $0[spec] }) { return known }
        let made = try FileBodies.rendered.file(spec)
        files.withLock { files in
            if files.count < Self.limit { files[spec] = made }
        }
        return made
    }
}

/// The stand-ins of result files; all tasks of one form share one array.
enum StandIn {
    private static let picture = [UInt8](repeating: 0x70, count: 96 << 10)
    private static let video = [UInt8](repeating: 0x76, count: 1 << 20)
    private static let sound = [UInt8](repeating: 0x73, count: 128 << 10)
    private static let text = [UInt8](repeating: 0x74, count: 2 << 10)

    static func bytes(of spec: ResultSpec) -> [UInt8] {
        switch spec.form {
        case .png, .jpeg: picture
        case .mp4: video
        case .mp3: sound
        case .transcript: text
        }
    }

    static func contentType(of spec: ResultSpec) -> ResponsePlan.ContentType {
        spec.count > 1 ? .zip : spec.form.contentType
    }
}
