package import ClipriseWire

/// A finished result, as the client downloads it.
package struct ResultFile: Sendable, Hashable {
    package var bytes: [UInt8]
    package var contentType: ResponsePlan.ContentType
    /// The name for `Content-Disposition`: letters, digits, `.`, `-` and `_` only.
    package var fileName: String
}

/// Makes the file, or the archive of files, that a finished task delivers.
///
/// Equal specifications give equal bytes. May be called from any thread; only the sound encoder makes callers wait for
/// each other, for a few milliseconds. Takes less than 100 MB of memory at any allowed size. JPEG and MP4 have no
/// transparency, so `isTransparent` changes nothing there. A transcript of 0 seconds has the length of 8.
package func render(_ spec: ResultSpec) throws(MediaError) -> ResultFile {
    try check(spec)
    let name = safeName(spec.name)
    if spec.count == 1 {
        return ResultFile(
            bytes: try renderOne(spec, ordinal: 1), contentType: spec.form.contentType,
            fileName: "\(name).\(spec.form.fileExtension)")
    }
    var archive = ZipArchive()
    for ordinal in 1...spec.count {
        try archive.append(
            try renderOne(spec, ordinal: ordinal), name: "\(name)-\(ordinal).\(spec.form.fileExtension)")
    }
    return ResultFile(bytes: archive.finish(), contentType: .zip, fileName: "\(name).zip")
}

private func check(_ spec: ResultSpec) throws(MediaError) {
    guard MediaLimits.count.contains(spec.count) else {
        throw .countOutOfRange(count: spec.count, allowed: MediaLimits.count)
    }
    switch spec.form {
    case .png, .jpeg: try checkSize(spec, allowed: MediaLimits.imageSide)
    case .mp4:
        try checkSize(spec, allowed: MediaLimits.videoSide)
        guard spec.width % 2 == 0, spec.height % 2 == 0 else {
            throw .oddVideoSize(width: spec.width, height: spec.height)
        }
        try checkLength(spec, allowed: MediaLimits.seconds)
    case .mp3: try checkLength(spec, allowed: MediaLimits.seconds)
    case .transcript: try checkLength(spec, allowed: 0...MediaLimits.seconds.upperBound)
    }
}

private func checkSize(_ spec: ResultSpec, allowed: ClosedRange<Int>) throws(MediaError) {
    guard allowed.contains(spec.width), allowed.contains(spec.height) else {
        throw .sizeOutOfRange(width: spec.width, height: spec.height, allowed: allowed)
    }
}

private func checkLength(_ spec: ResultSpec, allowed: ClosedRange<Int>) throws(MediaError) {
    guard allowed.contains(spec.seconds) else {
        throw .lengthOutOfRange(seconds: spec.seconds, allowed: allowed)
    }
}

private func renderOne(_ spec: ResultSpec, ordinal: Int) throws(MediaError) -> [UInt8] {
    switch spec.form {
    case .png: try pngFile(of: Card(spec, ordinal: ordinal), metadata: Metadata(spec))
    case .jpeg: try jpegFile(of: Card(spec, ordinal: ordinal), metadata: Metadata(spec))
    case .mp4: try mp4File(spec, ordinal: ordinal)
    case .mp3: try mp3File(spec, ordinal: ordinal)
    case .transcript: transcript(spec, ordinal: ordinal)
    }
}

/// A name that no file system and no header field can misread.
private func safeName(_ name: String) -> String {
    let bytes = name.utf8.prefix(80).map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"):
            byte
        default: UInt8(ascii: "-")
        }
    }
    let name = String(decoding: bytes.drop { $0 == UInt8(ascii: ".") }, as: UTF8.self)
    return name.isEmpty ? "result" : name
}

extension ResultSpec.Form {
    var fileExtension: String {
        switch self {
        case .png: "png"
        case .jpeg: "jpg"
        case .mp4: "mp4"
        case .mp3: "mp3"
        case .transcript: "json"
        }
    }
}
